using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control;

/// <summary>sessionctl events.</summary>
internal static class EventsCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Command command = new(
            "events",
            "Lists the sessions that have ended, in the order of their ends: when (UTC), by what, for how long nothing had been heard of the " +
            "holder (with a + if it was not heard in the leadership that ended the session), whose, on which host, as which process, from where.");
        flags.Give(
            command, [ControlSettings.Since, ControlSettings.IdentityPrefix, ControlSettings.Json],
            (master, options, _) => ListAsync(master, options));
        return command;
    }

    private static async Task ListAsync(MasterAccess master, ControlOptions options)
    {
        SinceText.TryRead(options.Since, out ulong sinceMs);
        if (!options.Json)
        {
            Console.WriteLine(Header);
        }

        await foreach (EndRow row in master.ListEndsAsync(options.IdentityPrefix, sinceMs).ConfigureAwait(false))
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

    internal static string Header { get; } =
        $"{"TIME (UTC)",-23} {"REASON",-8} {"EPOCH",19} {"SILENT ms",10}  IDENTITY (HOST, PROCESS, ADDRESS): TEXT";

    internal static string Line(EndRow row)
    {
        string silent = string.Create(CultureInfo.InvariantCulture, $"{row.SilentMs}{(row.HasRenewedUnixMs ? "" : "+")}");
        string address = row.PeerAddress.Length == 0 ? "-" : Printable.Of(row.PeerAddress);
        string gate = row.IsGateClosed ? "; its health gate was closed" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Text.OfTime(row.EndedUnixMs),-23} {Reason(row),-8} {row.Epoch,19} {silent,10}  {Printable.Of(row.Identity)} " +
            $"({Printable.Of(row.HostName)}, {row.ProcessId}, {address}): {Printable.Of(row.Text)}{gate}");
    }

    internal static void WriteJson(Utf8JsonWriter json, EndRow row)
    {
        json.WriteString("ended", Text.OfTime(row.EndedUnixMs));
        json.WriteNumber("ended_unix_ms", row.EndedUnixMs);
        json.WriteString("session_id", Notation.OfSession(row.SessionId));
        json.WriteNumber("epoch", row.Epoch);
        json.WriteString("identity", row.Identity);
        json.WriteString("host_name", row.HostName);
        json.WriteNumber("process_id", row.ProcessId);
        json.WriteString("peer_address", row.PeerAddress);
        json.WriteString("reason", Reason(row));
        json.WriteString("text", row.Text);
        if (row.HasRenewedUnixMs)
        {
            json.WriteNumber("renewed_unix_ms", row.RenewedUnixMs);
        }

        json.WriteNumber("silent_ms", row.SilentMs);
        json.WriteBoolean("is_gate_closed", row.IsGateClosed);
        json.WriteNumber("revision", row.Revision);
    }

    // A master of a newer release may know more of them.
    private static string Reason(EndRow row) => row.Reason <= (uint)SessionEndReason.Superseded
        ? ((SessionEndReason)row.Reason).Name()
        : row.Reason.ToString(CultureInfo.InvariantCulture);
}
