using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control;

/// <summary>sessionctl drain, undrain and drains.</summary>
internal static class DrainCommands
{
    internal static Command MakeDrain(ControlFlags flags)
    {
        Argument<string> identity = Identity();
        Command command = new(
            "drain",
            "Gives a server no new objects, and its identity no session after the one that it has, until it is undrained: over restarts of " +
            "the server and of masters. The server is told with its next renewal. Again: changes what was asked for.")
        {
            identity,
        };
        flags.Give(
            command, [ControlSettings.Reason, ControlSettings.Move, ControlSettings.Revoke],
            (master, options, parsed) => DrainAsync(master, parsed.GetValue(identity)!, options));
        return command;
    }

    internal static Command MakeUndrain(ControlFlags flags)
    {
        Argument<string> identity = Identity();
        Command command = new("undrain", "Takes a drain back: the server gets objects and sessions again.") { identity };
        flags.Give(command, [], (master, _, parsed) => UndrainAsync(master, parsed.GetValue(identity)!));
        return command;
    }

    internal static Command MakeDrains(ControlFlags flags)
    {
        Command command = new(
            "drains",
            "Lists the identities that are drained: since when (UTC), how many objects their servers have still, the session that they hold " +
            "(-: none, so the server may be switched off), what else was asked for, and why.");
        flags.Give(
            command, [ControlSettings.IdentityPrefix, ControlSettings.Json], (master, options, _) => ListAsync(master, options));
        return command;
    }

    private static Argument<string> Identity() => new("identity") { Description = "The server's, as the list of sessions shows it." };

    private static async Task DrainAsync(MasterAccess master, string identity, ControlOptions options)
    {
        await master.DrainAsync(new DrainRequest
        {
            Identity = identity,
            Reason = options.Reason.Length > 0 ? options.Reason : "drained by an operator",
            Move = options.Move,
            Revoke = options.Revoke,
        }).ConfigureAwait(false);
        Console.WriteLine($"drained {Printable.Of(identity)}");
    }

    private static async Task UndrainAsync(MasterAccess master, string identity)
    {
        await master.UndrainAsync(identity).ConfigureAwait(false);
        Console.WriteLine($"undrained {Printable.Of(identity)}");
    }

    private static async Task ListAsync(MasterAccess master, ControlOptions options)
    {
        if (!options.Json)
        {
            Console.WriteLine($"{"SINCE (UTC)",-23} {"OBJECTS",8} {"SESSION",-16} {"ASKED",-11} IDENTITY: REASON");
        }

        await foreach (DrainRow row in master.ListDrainsAsync(options.IdentityPrefix).ConfigureAwait(false))
        {
            if (options.Json)
            {
                Text.WriteJsonLine(json => WriteJson(json, row));
            }
            else
            {
                Console.WriteLine(Line(row));
            }
        }
    }

    private static string Line(DrainRow row)
    {
        string session = row.SessionId == 0 ? "-" : Notation.OfSession(row.SessionId);
        string asked = (row.Move, row.Revoke) switch
        {
            (true, true) => "MOVE,REVOKE",
            (true, false) => "MOVE",
            (false, true) => "REVOKE",
            _ => "-",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Text.OfTime(row.SinceUnixMs),-23} {row.ObjectCount,8} {session,-16} {asked,-11} {Printable.Of(row.Identity)}: {Printable.Of(row.Reason)}");
    }

    internal static void WriteJson(Utf8JsonWriter json, DrainRow row)
    {
        json.WriteString("identity", row.Identity);
        json.WriteString("reason", row.Reason);
        json.WriteString("since", Text.OfTime(row.SinceUnixMs));
        json.WriteNumber("since_unix_ms", row.SinceUnixMs);
        json.WriteBoolean("move", row.Move);
        json.WriteBoolean("revoke", row.Revoke);
        if (row.SessionId != 0)
        {
            json.WriteString("session_id", Notation.OfSession(row.SessionId));
        }

        json.WriteNumber("object_count", row.ObjectCount);
    }
}
