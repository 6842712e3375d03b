using System;
using Interop.Sessions.Lease;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master;

/// <summary>Every log event of the master side; docs/operations.md lists them.</summary>
internal static partial class MasterLog
{
    [LoggerMessage(1001, LogLevel.Debug, "step {Step}: identity {Identity}")]
    internal static partial void CreateStep(ILogger logger, string step, string identity);

    [LoggerMessage(1026, LogLevel.Information, "step {Step}: identity {Identity}, host {HostName}, process {ProcessId}, has session {SessionId}, epoch {Epoch}, term {TermMs} ms")]
    internal static partial void SessionGranted(
        ILogger logger, string step, string identity, string hostName, ulong processId, LoggedSession sessionId, ulong epoch, uint termMs);

    [LoggerMessage(1002, LogLevel.Information, "session {SessionId} of {Identity} ended: {Reason} ({Text}), epoch {Epoch}, host {HostName}, process {ProcessId}, peer {Peer}, silent for {SilentMs} ms, health gate closed: {IsGateClosed}")]
    internal static partial void SessionEnded(
        ILogger logger, string identity, LoggedSession sessionId, ulong epoch, LoggedName reason, string text, string hostName,
        ulong processId, string peer, long silentMs, bool isGateClosed);

    [LoggerMessage(1003, LogLevel.Information, "serving on port {Port}")]
    internal static partial void Serving(ILogger logger, int port);

    [LoggerMessage(1004, LogLevel.Information, "stopped")]
    internal static partial void Stopped(ILogger logger);

    [LoggerMessage(1005, LogLevel.Error, "the store failed, {Operations} operations were undone: {Status}, {Reason} ({LeftOut} such lines left out)")]
    private static partial void CommitFailed(ILogger logger, int operations, LoggedName status, string reason, int leftOut);

    internal static void CommitFailed(
        ILogger logger, LogBudgets budgets, int operations, SessionStatus status, string reason)
    {
        if (budgets.TrySpend($"commit {status}", out int leftOut))
        {
            CommitFailed(logger, operations, status, reason, leftOut);
        }
    }

    [LoggerMessage(1006, LogLevel.Error, "hook {Hook} of {Identity} threw ({LeftOut} such lines left out)")]
    private static partial void HookThrew(ILogger logger, string hook, string identity, int leftOut, Exception error);

    internal static void HookThrew(ILogger logger, LogBudgets budgets, string hook, string identity, Exception error)
    {
        if (budgets.TrySpend($"hook {hook}", out int leftOut))
        {
            HookThrew(logger, hook, identity, leftOut, error);
        }
    }

    [LoggerMessage(EventId = 1007, Message = "create of {Identity} refused: {Status}, {Reason} ({LeftOut} such lines left out)")]
    private static partial void CreateRefused(
        ILogger logger, LogLevel level, string identity, LoggedName status, string reason, int leftOut);

    /// <summary>By status alone: a client that floods a master chooses identities as it likes.</summary>
    internal static void CreateRefused(ILogger logger, LogBudgets budgets, string identity, SessionStatus status, string reason)
    {
        // A follower that waits for an old lease, or for a leader, asks many times a second.
        LogLevel level = status is SessionStatus.IdentityInUse or SessionStatus.NotLeader ? LogLevel.Debug : LogLevel.Warning;
        if (logger.IsEnabled(level) && budgets.TrySpend($"create {status}", out int leftOut))
        {
            CreateRefused(logger, level, identity, status, reason, leftOut);
        }
    }

    [LoggerMessage(1008, LogLevel.Information, "the host says that it leads: {Leads}, hint {Hint}")]
    internal static partial void HostLeads(ILogger logger, bool leads, string hint);

    [LoggerMessage(1009, LogLevel.Warning, "session {SessionId} of epoch {Epoch} is revoked: {Reason}")]
    internal static partial void SessionRevoked(ILogger logger, LoggedSession sessionId, ulong epoch, string reason);

    [LoggerMessage(1098, LogLevel.Warning, "{Identity} is drained (its objects move: {Moves}, its session is revoked: {Revokes}): {Reason}")]
    internal static partial void Drained(ILogger logger, string identity, bool moves, bool revokes, string reason);

    [LoggerMessage(1099, LogLevel.Warning, "{Identity} is not drained any more")]
    internal static partial void Undrained(ILogger logger, string identity);

    [LoggerMessage(1010, LogLevel.Warning, "refused session {SessionId} of {Identity} not closed: {Status}, {Reason}")]
    internal static partial void CloseFailed(
        ILogger logger, LoggedSession sessionId, string identity, LoggedName status, string reason);

    [LoggerMessage(1011, LogLevel.Information, "session {SessionId} of {Identity} is re-attached, epoch {Epoch}")]
    internal static partial void SessionReattached(ILogger logger, string identity, LoggedSession sessionId, ulong epoch);

    [LoggerMessage(1012, LogLevel.Information, "leads with master epoch {MasterEpoch}, {Sessions} sessions loaded")]
    internal static partial void Leads(ILogger logger, ulong masterEpoch, int sessions);

    [LoggerMessage(1013, LogLevel.Warning, "leads no more with master epoch {MasterEpoch}: {Reason}")]
    internal static partial void LeadershipEnded(ILogger logger, ulong masterEpoch, string reason);

    [LoggerMessage(1015, LogLevel.Warning, "leadership not renewed, {LeftMs} ms are left: {Reason}")]
    internal static partial void LeadershipNotRenewed(ILogger logger, long leftMs, string reason);

    [LoggerMessage(1016, LogLevel.Warning, "leadership not renewed: a write has waited for the store for {StalledMs} ms")]
    internal static partial void LeadershipWithheld(ILogger logger, long stalledMs);

    [LoggerMessage(1017, LogLevel.Debug, "an etcd lease was not revoked, it runs out by itself: {Reason}")]
    internal static partial void LeaseNotRevoked(ILogger logger, string reason);

    [LoggerMessage(1018, LogLevel.Warning, "the leader key was not deleted, others lead after its lease: {Reason}")]
    internal static partial void LeaderKeyNotDeleted(ILogger logger, string reason);

    [LoggerMessage(1019, LogLevel.Information, "loading: {Loaded} keys, in part {Part} of {Parts}")]
    internal static partial void Loading(ILogger logger, long loaded, int part, int parts);

    [LoggerMessage(1020, LogLevel.Warning, "etcd did not say whether it has committed, asking again: {Reason}")]
    internal static partial void CommitUnanswered(ILogger logger, string reason);

    [LoggerMessage(1021, LogLevel.Warning, "etcd takes less in one transaction than by its defaults: {Operations} operations, {Bytes} bytes from now on")]
    internal static partial void TransactionLimitsLowered(ILogger logger, int operations, int bytes);

    [LoggerMessage(1022, LogLevel.Information, "exporting: {Records} records")]
    internal static partial void Exporting(ILogger logger, long records);

    [LoggerMessage(1023, LogLevel.Information, "importing: {Lines} lines read")]
    internal static partial void Importing(ILogger logger, long lines);

    [LoggerMessage(1040, LogLevel.Warning, "etcd at {Endpoint} is used without knowing its version: {Reason}")]
    internal static partial void EtcdVersionUnknown(ILogger logger, string endpoint, string reason);

    [LoggerMessage(1041, LogLevel.Warning, "the certificate {File} ends at {End:u}, in {Left}")]
    internal static partial void CertificateEnds(ILogger logger, string file, DateTime end, TimeSpan left);

    [LoggerMessage(1042, LogLevel.Warning, "the former credentials are used: {Reason}")]
    internal static partial void CredentialsUnreadable(ILogger logger, string reason);

    [LoggerMessage(1043, LogLevel.Debug, "etcd's history before revision {Revision} is compacted")]
    internal static partial void Compacted(ILogger logger, long revision);

    [LoggerMessage(1044, LogLevel.Warning, "etcd's history is not compacted and grows, by {Revisions} revisions in {Minutes} minutes: {Reason}")]
    internal static partial void NotCompacted(ILogger logger, long revisions, uint minutes, string reason);

    [LoggerMessage(1045, LogLevel.Warning, "acts no more with master epoch {MasterEpoch}, and may act again: {Reason}")]
    internal static partial void ActsNoMore(ILogger logger, ulong masterEpoch, string reason);

    [LoggerMessage(1046, LogLevel.Information, "acts again with master epoch {MasterEpoch}")]
    internal static partial void ActsAgain(ILogger logger, ulong masterEpoch);

    [LoggerMessage(1050, LogLevel.Error, "store {Path} is lost: {What}")]
    internal static partial void StoreLost(ILogger logger, string path, string what);

    [LoggerMessage(1051, LogLevel.Warning, "{Path} had mode {Mode}, and is now for its owner only: it holds what holders are known by")]
    internal static partial void StoreNarrowed(ILogger logger, string path, string mode);

    [LoggerMessage(1053, LogLevel.Warning, "{Path} has mode {Mode} and could not be made its owner's only, though it holds what holders are known by: {Reason}")]
    internal static partial void StoreNotNarrowed(ILogger logger, string path, string mode, string reason);

    [LoggerMessage(1052, LogLevel.Error, "log {Path} of a lost store stays as it is: {Reason}")]
    internal static partial void StoreLeftBehind(ILogger logger, string path, string reason);

    [LoggerMessage(1070, LogLevel.Warning, "stopping waits for {Running} hooks of the host that have not returned, for longest for {Hook} of {Identity}, which runs for {Seconds} s")]
    internal static partial void StopWaits(ILogger logger, int running, string hook, string identity, long seconds);

    [LoggerMessage(1071, LogLevel.Warning, "stops before the host was told of {Ends} ends of sessions: it is behind")]
    internal static partial void EndsNotTold(ILogger logger, int ends);

    [LoggerMessage(1024, LogLevel.Error, "a holder has session {SessionId} of epoch {Epoch}, which this store has never made: it went back to an older state, or a clock is behind; identities that it lacks wait until what it forgot is over")]
    internal static partial void StoreWentBack(ILogger logger, LoggedSession sessionId, ulong epoch);

    [LoggerMessage(1025, LogLevel.Information, "imported {Records} records of an export that ended at master epoch {ExportedMasterEpoch}, revision {ExportedRevision}; the store goes on at {MasterEpoch}, {Revision}, and its next leader gives no identity that is not in it before what may have been granted since is over")]
    internal static partial void Imported(
        ILogger logger, int records, ulong exportedMasterEpoch, ulong exportedRevision, ulong masterEpoch, ulong revision);

    [LoggerMessage(1027, LogLevel.Warning, "an import below prefix {Prefix} was interrupted: all that it has left is removed, and this import begins anew")]
    internal static partial void ImportBeginsAnew(ILogger logger, string prefix);

    [LoggerMessage(1060, LogLevel.Warning, "{What} is of format {Format}; this release knows {Known} and skips what it does not know: only a newer one has all of it")]
    private static partial void FormatIsNewer(ILogger logger, string what, int format, int known);

    [LoggerMessage(1028, LogLevel.Warning, "the store's numbers are {Seconds} s ahead of this machine's clock: until then, a store that goes back gives numbers twice (P3); look at the clocks")]
    private static partial void StoreIsAhead(ILogger logger, long seconds);

    internal static void NoteClock(ILogger logger, ulong revision, long unixMs)
    {
        if (EpochFloor.AheadMs(revision, unixMs) is > 0 and var aheadMs)
        {
            StoreIsAhead(logger, aheadMs / 1000);
        }
    }

    internal static void NoteFormat(ILogger logger, string what, StoreFormat format)
    {
        if (format.Format > StoreFormat.Known)
        {
            FormatIsNewer(logger, what, format.Format, StoreFormat.Known);
        }
    }

    [LoggerMessage(1080, LogLevel.Warning, "{Limit} descriptors are enough for {Connections} connections, and not for {Sessions} sessions: raise the limit (RLIMIT_NOFILE)")]
    internal static partial void FewDescriptors(ILogger logger, long limit, int connections, uint sessions);

    [LoggerMessage(1082, LogLevel.Warning, "connections have reached their limit, and another came: {What} ({LeftOut} more were not told of)")]
    private static partial void NoPlace(ILogger logger, string what, int leftOut);

    internal static void NoPlace(ILogger logger, LogBudgets budgets, string what)
    {
        if (budgets.TrySpend(what, out int leftOut))
        {
            NoPlace(logger, what, leftOut);
        }
    }

    [LoggerMessage(1096, LogLevel.Warning, "the host has not answered CheckLeader for {WaitedMs} ms: this master starts, and does not lead until it does")]
    internal static partial void HostSaysNothing(ILogger logger, uint waitedMs);

    [LoggerMessage(1084, LogLevel.Debug, "{Method} of trace {Trace} ended: {Status}")]
    internal static partial void TracedCall(ILogger logger, string method, string trace, LoggedName status);

    [LoggerMessage(1083, LogLevel.Information, "{LeftOut} more lines of {Category}[{Id}] were left out since the last")]
    internal static partial void ServerLinesLeftOut(ILogger logger, int leftOut, string category, int id);

    [LoggerMessage(1089, LogLevel.Information, "the certificates in {Files} are used from now on, until {End}")]
    internal static partial void CertificatesReplaced(ILogger logger, string files, string end);

    [LoggerMessage(1090, LogLevel.Warning, "a connection from {Peer} is not let in: {Reason} ({LeftOut} more were not told of)")]
    private static partial void NotLetIn(ILogger logger, string peer, string reason, int leftOut);

    internal static void NotLetIn(ILogger logger, LogBudgets budgets, string peer, string reason)
    {
        if (budgets.TrySpend("not let in", out int leftOut))
        {
            NotLetIn(logger, peer, reason, leftOut);
        }
    }

    [LoggerMessage(1085, LogLevel.Warning, "the host stops while its master is still being stopped: a hook runs, or its disk hangs")]
    internal static partial void HostDidNotWait(ILogger logger, Exception? error);

    [LoggerMessage(1087, LogLevel.Warning, "{Caller} was denied: {Status}, by {Rule}: {Reason} ({LeftOut} such lines left out)")]
    private static partial void Denied(ILogger logger, string caller, LoggedName status, string rule, string reason, int leftOut);

    /// <summary>By caller and rule: what a caller asks for, it chooses as it likes.</summary>
    internal static void Denied(ILogger logger, LogBudgets budgets, string caller, AccessDenial denial)
    {
        if (budgets.TrySpend($"denied {caller} by {denial.Rule}", out int leftOut))
        {
            Denied(logger, caller, denial.Status, denial.Rule, denial.Message, leftOut);
        }
    }

    [LoggerMessage(EventId = 1088, Message = "{File} has changed, and {What}")]
    private static partial void RightsFileChanged(ILogger logger, LogLevel level, string file, string what);

    internal static void RightsFileChanged(ILogger logger, string file, SessionException? problem) => RightsFileChanged(
        logger, problem == null ? LogLevel.Information : LogLevel.Error, file,
        problem == null ? "is in force" : $"its former content stays in force: {problem.Message}");

    [LoggerMessage(1014, LogLevel.Error, "cannot lead, will try again: {Status}, {Reason}")]
    internal static partial void LeadershipFailed(ILogger logger, LoggedName status, string reason);
}
