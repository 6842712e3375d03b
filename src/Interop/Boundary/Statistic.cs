using Interop.Sessions.Follower;
using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>What objects have counted, from C# to C, field by field.</summary>
internal static unsafe class Statistic
{
    internal static interop_sessions_follower_statistics ToNative(FollowerStatistics counted) => new()
    {
        struct_size = (uint)sizeof(interop_sessions_follower_statistics),
        callbacks_waiting = (uint)counted.CallbacksWaiting,
        renewals_sent = (ulong)counted.RenewalsSent,
        inquiries_sent = (ulong)counted.InquiriesSent,
        renewed = (ulong)counted.Renewed,
        late_answers = (ulong)counted.LateAnswers,
        last_renewed_ns = counted.LastRenewedNs,
        longest_gap_ns = (ulong)counted.LongestGapNs,
        sessions_granted = (ulong)counted.SessionsGranted,
        sessions_lost = (ulong)counted.SessionsLost,
    };

    internal static interop_sessions_follower_manager_statistics ToNative(FollowerManagerStatistics counted)
    {
        interop_sessions_follower_manager_statistics native = new()
        {
            struct_size = (uint)sizeof(interop_sessions_follower_manager_statistics),
            connection = (interop_sessions_connection_state)counted.Connection,
            connection_since_ns = counted.ConnectionSinceNs,
            followers = (uint)counted.Followers,
            channels = (uint)counted.Channels,
            renewals_sent = (ulong)counted.RenewalsSent,
            inquiries_sent = (ulong)counted.InquiriesSent,
            renewed = (ulong)counted.Renewed,
            late_answers = (ulong)counted.LateAnswers,
            sessions_granted = (ulong)counted.SessionsGranted,
            sessions_lost = (ulong)counted.SessionsLost,
            redirects = (ulong)counted.Redirects,
            failovers = (ulong)counted.Failovers,
        };
        Results.WriteText(
            (byte*)&native.endpoint, sizeof(interop_sessions_follower_manager_statistics._endpoint_e__FixedBuffer), counted.Endpoint);
        return native;
    }

    internal static interop_sessions_master_statistics ToNative(MasterStatistics counted) => new()
    {
        struct_size = (uint)sizeof(interop_sessions_master_statistics),
        sessions = (uint)counted.Sessions,
        master_epoch = counted.MasterEpoch,
        connections = (uint)counted.Connections,
        operations_waiting = (uint)counted.OperationsWaiting,
        hooks_waiting = (uint)counted.HooksWaiting,
        ends_waiting = (uint)counted.EndsWaiting,
        hooks_running = (uint)counted.HooksRunning,
        hook_threads = (uint)counted.HookThreads,
        bytes_waiting = (ulong)counted.BytesWaiting,
        renewed = (ulong)counted.Renewed,
        renewals_refused = (ulong)counted.RenewalsRefused,
        sessions_granted = (ulong)counted.SessionsGranted,
        sessions_ended = (ulong)counted.SessionsEnded,
        creates_refused = (ulong)counted.CreatesRefused,
        lists_refused = (ulong)counted.ListsRefused,
        streams_refused = (ulong)counted.StreamsRefused,
        others_refused = (ulong)counted.OthersRefused,
        overloaded = (ulong)counted.Overloaded,
        commits = (ulong)counted.Commits,
        commits_failed = (ulong)counted.CommitsFailed,
        last_commit_ns = (ulong)counted.LastCommitNs,
        longest_commit_ns = (ulong)counted.LongestCommitNs,
    };
}
