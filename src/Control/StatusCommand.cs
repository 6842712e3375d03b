using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control;

/// <summary>sessionctl status: a cell on one screen.</summary>
internal static class StatusCommand
{
    internal static Command Make(ControlFlags flags)
    {
        Command command = new(
            "status",
            "Asks each of --masters how it stands: whether it leads, sessions, connections, store, hooks; and how many sessions ended in " +
            "the last hour. Fails if none leads.");
        flags.Give(command, [ControlSettings.Json], (access, options, _) => ShowAsync(access, options.Json));
        return command;
    }

    private static async Task ShowAsync(MasterAccess access, bool asJson)
    {
        int leaders = 0;
        await foreach ((string address, GetStatusReply? status, SessionException? failure) in access.AskStatusAsync().ConfigureAwait(false))
        {
            leaders += status?.MasterEpoch > 0 ? 1 : 0;
            if (asJson)
            {
                WriteJson(address, status, failure);
            }
            else
            {
                Write(address, status, failure);
            }
        }

        if (leaders == 0)
        {
            throw new SessionException(SessionStatus.NoMaster, "none of them leads");
        }

        if (!asJson)
        {
            await WriteEndsAsync(access).ConfigureAwait(false);
        }
    }

    private static void Write(string address, GetStatusReply? status, SessionException? failure)
    {
        if (status == null)
        {
            Console.WriteLine($"{address}  {Text.OfNoAnswer(failure!)}");
            return;
        }

        string leads = status.MasterEpoch > 0
            ? $"leads, master epoch {status.MasterEpoch}"
            : $"stands by: {Printable.Of(status.WaitsFor)}" +
                (status.LeaderHint.Length > 0 ? $"; {Printable.Of(status.LeaderHint)} leads" : "");
        Console.WriteLine($"{address}  {leads}");
        // A stranger may answer at the address that was given.
        TimeSpan running = TimeSpan.FromSeconds(Math.Min(status.RunningMs / 1000, uint.MaxValue));
        Line("release", $"{Printable.Of(status.Version)}, running for {running:d\\.hh\\:mm\\:ss}");
        Line("connections", $"{status.Connections}");
        Line("sessions", $"{status.Sessions}; {status.SessionsGranted} granted, {status.SessionsEnded} ended");
        Line("renewals", $"{status.Renewed} answered, {status.RenewalsRefused} refused; {status.Overloaded} calls OVERLOADED");
        Line(
            "store",
            $"{status.Commits} commits, {status.CommitsFailed} failed; the last took {Seconds(status.LastCommitNs)} s, the longest {Seconds(status.LongestCommitNs)}; " +
            $"{status.OperationsWaiting} operations wait, of {status.BytesWaiting} bytes");
        Line("hooks", $"{status.HooksRunning} run, {status.HooksWaiting} wait; {status.EndsWaiting} ends to be told");
    }

    private static void Line(string name, string value) => Console.WriteLine($"  {name,-12} {value}");

    private static string Seconds(ulong ns) => Ns.ToSeconds((long)ns).ToString("0.0000", CultureInfo.InvariantCulture);

    private static async Task WriteEndsAsync(MasterAccess access)
    {
        SortedDictionary<uint, int> ends = [];
        await foreach (EndRow row in access.ListEndsAsync("", Limits.StatusSinceMs).ConfigureAwait(false))
        {
            ends[row.Reason] = ends.GetValueOrDefault(row.Reason) + 1;
        }

        IEnumerable<string> counts = ends.Select(end => $"{end.Value} {((SessionEndReason)end.Key).Name()}");
        Console.WriteLine($"ended in the last hour: {(ends.Count == 0 ? "none" : string.Join(", ", counts))}");
    }

    private static void WriteJson(string address, GetStatusReply? status, SessionException? failure) => Text.WriteJsonLine(json =>
    {
        json.WriteString("address", address);
        if (status == null)
        {
            json.WriteString("failure", failure!.Status.Name());
            json.WriteString("message", failure.Message);
            return;
        }

        json.WriteString("version", status.Version);
        json.WriteNumber("running_ms", status.RunningMs);
        json.WriteBoolean("is_elected", status.IsElected);
        json.WriteNumber("master_epoch", status.MasterEpoch);
        json.WriteString("waits_for", status.WaitsFor);
        json.WriteString("leader_hint", status.LeaderHint);
        json.WriteNumber("sessions", status.Sessions);
        json.WriteNumber("connections", status.Connections);
        json.WriteNumber("operations_waiting", status.OperationsWaiting);
        json.WriteNumber("bytes_waiting", status.BytesWaiting);
        json.WriteNumber("hooks_waiting", status.HooksWaiting);
        json.WriteNumber("hooks_running", status.HooksRunning);
        json.WriteNumber("ends_waiting", status.EndsWaiting);
        json.WriteNumber("renewed", status.Renewed);
        json.WriteNumber("renewals_refused", status.RenewalsRefused);
        json.WriteNumber("sessions_granted", status.SessionsGranted);
        json.WriteNumber("sessions_ended", status.SessionsEnded);
        json.WriteNumber("overloaded", status.Overloaded);
        json.WriteNumber("commits", status.Commits);
        json.WriteNumber("commits_failed", status.CommitsFailed);
        json.WriteNumber("last_commit_ns", status.LastCommitNs);
        json.WriteNumber("longest_commit_ns", status.LongestCommitNs);
    });
}
