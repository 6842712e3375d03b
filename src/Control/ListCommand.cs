using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Client;

namespace Interop.Sessions.Control;

/// <summary>sessionctl list.</summary>
internal static class ListCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Command command = new("list", "Lists sessions. Flags: REVOKING, SUSPECT (silent for half its term), REATTACHED, DRAINING.");
        flags.Give(
            command,
            [ControlSettings.IdentityPrefix, ControlSettings.Flags, ControlSettings.Sort, ControlSettings.Wide, ControlSettings.Json],
            (master, options, _) => ListAsync(master, options));
        return command;
    }

    private static async Task ListAsync(MasterAccess master, ControlOptions options)
    {
        if (!options.Json)
        {
            Console.WriteLine(
                $"{"SESSION",-16} {"EPOCH",10} {"TERM ms",8} {"LEFT ms",8} {"ITEMS",6} {"FLAGS",-10} IDENTITY (HOST, PROCESS)" +
                (options.Wide ? " ENDPOINTS" : ""));
        }

        uint flags = (uint)FlagsText.Read(options.Flags);
        IAsyncEnumerable<Protocol.V1.SessionRow> rows = master.ListSessionsAsync(options.IdentityPrefix).Where(row => (row.Flags & flags) == flags);
        await foreach (Protocol.V1.SessionRow row in rows.SortedAsync(options.Sort).ConfigureAwait(false))
        {
            if (options.Json)
            {
                Text.WriteJsonLine(json => WriteJson(json, row));
            }
            else
            {
                Console.WriteLine(Line(row) + (options.Wide ? $" {EndpointsOf(row)}" : ""));
            }
        }
    }

    private static string Line(Protocol.V1.SessionRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.SessionId:x16} {row.Epoch,10} {row.TermMs,8} {row.RemainingMs,8} {row.ItemCount,6} {Flags(row),-10} " +
        $"{Printable.Of(row.Description.Identity)} ({Printable.Of(row.Description.HostName)}, {row.Description.ProcessId})");

    internal static string Flags(Protocol.V1.SessionRow row) =>
        row.Flags == 0 ? "-" : string.Join(',', ((SessionFlags)row.Flags).Names());

    /// <summary>Where a server is reached, on one line; -: nowhere.</summary>
    internal static string EndpointsOf(Protocol.V1.SessionRow row)
    {
        EndpointList endpoints = ServersOnTheWire.Of(row.Description).Endpoints;
        return endpoints.Count == 0 ? "-" : string.Join(
            ", ", endpoints.Select(endpoint => $"{AccessPointKinds.NameOf(endpoint.Kind)} {Printable.Of(endpoint.Address)}"));
    }

    internal static void WriteJson(Utf8JsonWriter json, Protocol.V1.SessionRow row)
    {
        json.WriteString("session_id", Notation.OfSession(row.SessionId));
        json.WriteNumber("epoch", row.Epoch);
        json.WriteString("identity", row.Description.Identity);
        json.WriteString("host_name", row.Description.HostName);
        json.WriteNumber("process_id", row.Description.ProcessId);
        json.WriteNumber("capabilities", row.Description.Capabilities);
        json.WriteNumber("granted_capabilities", row.GrantedCapabilities);
        json.WriteEndpoints(ServersOnTheWire.Of(row.Description).Endpoints);
        json.WriteNumber("term_ms", row.TermMs);
        json.WriteNumber("remaining_ms", row.RemainingMs);
        json.WriteNumber("item_count", row.ItemCount);
        json.WriteFlags((SessionFlags)row.Flags);
        json.WriteNumber("report_start_pid", row.ReportWindow.StartPid);
        json.WriteNumber("report_size", row.ReportWindow.ReportSize);
    }
}
