using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control;

/// <summary>sessionctl show.</summary>
internal static class ShowCommand
{
    /// <summary>As long as masters keep ends.</summary>
    private const ulong EndsSinceMs = (ulong)Limits.EndsKeptMs;

    internal static Command Make(ControlFlags flags)
    {
        Argument<string> session = SessionArgument.Make();
        Command command = new(
            "show",
            "Says all that is known of one session: whose it is, what is left of its lease, its drain, its items, the objects that its server " +
            "answers for, and how earlier sessions of the same identity have ended.")
        {
            session,
        };
        flags.Give(
            command, [ControlSettings.Json], (master, options, parsed) => ShowAsync(master, parsed.GetRequiredValue(session), options.Json));
        return command;
    }

    private static async Task ShowAsync(MasterAccess master, string session, bool asJson)
    {
        Protocol.V1.SessionRow row = await master.FindSessionAsync(session).ConfigureAwait(false);
        string identity = row.Description.Identity;
        IReadOnlyList<Protocol.V1.Item> items = await master.ListItemsAsync(row.SessionId, "").ConfigureAwait(false);
        Shown shown = new(
            row,
            await master.ListDrainsAsync(identity).Where(drain => drain.Identity == identity).FirstOrDefaultAsync().ConfigureAwait(false),
            items,
            await master.ListAccessPointsAsync(new ListAccessPointsRequest { IdentityPrefix = identity })
                .Where(point => point.SessionId == row.SessionId).ToListAsync().ConfigureAwait(false),
            await master.ListEndsAsync(identity, EndsSinceMs)
                .Where(end => end.Identity == identity && end.Epoch < row.Epoch).ToListAsync().ConfigureAwait(false));
        if (asJson)
        {
            Text.WriteJsonLine(json => WriteJson(json, shown));
        }
        else
        {
            Print(shown);
        }
    }

    private static void Print(Shown shown)
    {
        Protocol.V1.SessionRow row = shown.Row;
        Say("session", $"{row.SessionId:x16}");
        Say("epoch", $"{row.Epoch}");
        Say("identity", $"{Printable.Of(row.Description.Identity)}");
        Say("process", $"{row.Description.ProcessId} on {Printable.Of(row.Description.HostName)}");
        Say("endpoints", $"{ListCommand.EndpointsOf(row)}");
        Say("capabilities", $"0x{row.Description.Capabilities:x}, of which are granted 0x{row.GrantedCapabilities:x}");
        Say("lease", $"{row.RemainingMs} ms left of {row.TermMs} ms");
        Say("flags", $"{ListCommand.Flags(row)}");
        if (shown.Drain is { } drain)
        {
            Say("drained", $"since {Text.OfTime(drain.SinceUnixMs)}: {Printable.Of(drain.Reason)}");
        }

        PrintRows("items", ItemsCommand.Header, shown.Items.Select(ItemsCommand.Line));
        PrintRows("objects", AccessPointCommands.Header, shown.Objects.Select(AccessPointCommands.Line));
        PrintRows("earlier sessions that ended", EventsCommand.Header, shown.Ends.Select(EventsCommand.Line));
    }

    private static void Say(string name, FormattableString value) =>
        Console.WriteLine($"{name,-13} {value.ToString(CultureInfo.InvariantCulture)}");

    private static void PrintRows(string name, string header, IEnumerable<string> rows)
    {
        string[] lines = [.. rows];
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {lines.Length}"));
        foreach (string line in lines.Length == 0 ? lines : [header, .. lines])
        {
            Console.WriteLine(line);
        }
    }

    private static void WriteJson(Utf8JsonWriter json, Shown shown)
    {
        ListCommand.WriteJson(json, shown.Row);
        if (shown.Drain is { } drain)
        {
            json.WriteStartObject("drain");
            DrainCommands.WriteJson(json, drain);
            json.WriteEndObject();
        }

        WriteRows(json, "items", shown.Items, ItemsCommand.WriteJson);
        WriteRows(json, "access_points", shown.Objects, AccessPointCommands.WriteJson);
        WriteRows(json, "ends", shown.Ends, EventsCommand.WriteJson);
    }

    private static void WriteRows<T>(Utf8JsonWriter json, string name, IEnumerable<T> rows, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T row in rows)
        {
            json.WriteStartObject();
            write(json, row);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private sealed record Shown(
        Protocol.V1.SessionRow Row, DrainRow? Drain, IReadOnlyList<Protocol.V1.Item> Items, IReadOnlyList<AccessPointRow> Objects,
        IReadOnlyList<EndRow> Ends);
}
