using System;
using System.CommandLine;
using System.Globalization;
using System.Threading.Tasks;
using Interop.Sessions.Client;

namespace Interop.Sessions.Control;

/// <summary>sessionctl list.</summary>
internal static class ListCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Command command = new(
            "list", "Lists all sessions, in the order of their ids. Flags: REVOKING, SUSPECT (silent for half its term), REATTACHED, DRAINING.");
        flags.Give(command, [ControlSettings.Json], (master, options, _) => ListAsync(master, options.Json));
        return command;
    }

    private static async Task ListAsync(MasterAccess master, bool asJson)
    {
        if (!asJson)
        {
            Console.WriteLine($"{"SESSION",-16} {"EPOCH",10} {"TERM ms",8} {"LEFT ms",8} {"ITEMS",6} {"FLAGS",-10} IDENTITY (HOST, PROCESS)");
        }

        await foreach (Protocol.V1.SessionRow row in master.ListSessionsAsync().ConfigureAwait(false))
        {
            // A stranger may answer at the address that was given: what is not there is shown as empty.
            row.Description ??= new();
            row.ReportWindow ??= new();
            if (asJson)
            {
                WriteJson(row);
            }
            else
            {
                Console.WriteLine(Line(row));
            }
        }
    }

    private static string Line(Protocol.V1.SessionRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.SessionId:x16} {row.Epoch,10} {row.TermMs,8} {row.RemainingMs,8} {row.ItemCount,6} {Flags(row),-10} " +
        $"{Printable.Of(row.Description.Identity)} ({Printable.Of(row.Description.HostName)}, {row.Description.ProcessId})");

    private static string Flags(Protocol.V1.SessionRow row) =>
        row.Flags == 0 ? "-" : string.Join(',', ((SessionFlags)row.Flags).Names());

    private static void WriteJson(Protocol.V1.SessionRow row) => Text.WriteJsonLine(json =>
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
    });
}
