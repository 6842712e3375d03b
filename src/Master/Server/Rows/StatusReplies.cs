using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>How a master stands, as a message.</summary>
internal static class StatusReplies
{
    private static readonly string s_version = typeof(StatusReplies).Assembly.GetName().Version?.ToString(3) ?? "";

    internal static GetStatusReply ToWire(MasterStanding standing)
    {
        MasterStatistics seen = standing.Statistics;
        return new GetStatusReply
        {
            Version = s_version,
            RunningMs = (ulong)standing.RunningMs,
            IsElected = standing.IsElected,
            MasterEpoch = seen.MasterEpoch,
            WaitsFor = standing.Refusal?.Message ?? "",
            LeaderHint = standing.Refusal?.LeaderHint ?? "",
            Sessions = (uint)seen.Sessions,
            Connections = (uint)seen.Connections,
            OperationsWaiting = (uint)seen.OperationsWaiting,
            BytesWaiting = (ulong)seen.BytesWaiting,
            HooksWaiting = (uint)seen.HooksWaiting,
            HooksRunning = (uint)seen.HooksRunning,
            EndsWaiting = (uint)seen.EndsWaiting,
            Renewed = (ulong)seen.Renewed,
            RenewalsRefused = (ulong)seen.RenewalsRefused,
            SessionsGranted = (ulong)seen.SessionsGranted,
            SessionsEnded = (ulong)seen.SessionsEnded,
            Overloaded = (ulong)seen.Overloaded,
            Commits = (ulong)seen.Commits,
            CommitsFailed = (ulong)seen.CommitsFailed,
            LastCommitNs = (ulong)seen.LastCommitNs,
            LongestCommitNs = (ulong)seen.LongestCommitNs,
        };
    }
}
