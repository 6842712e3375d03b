using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// What makes sense in a store: one set of rules for every store, for exports, and for the command that checks. Rows are
/// given in the order of <see cref="StoreSnapshot.Content"/>; a row that makes no sense counts for nothing afterwards.
/// </summary>
/// <param name="revision">The store's: nothing in it was made later.</param>
public sealed class SnapshotRules(ulong revision)
{
    /// <summary>What to do about a fault, for the end of a refusal.</summary>
    public const string WayOut =
        "'session-master check' lists all that is wrong, and 'check --salvage FILE' sets it aside so that a master can begin";

    private readonly HashSet<ulong> _sessions = [];
    private readonly HashSet<string> _identities = new(StringComparer.Ordinal);
    private readonly HashSet<(ulong, string)> _items = [];
    private readonly HashSet<(AccessPointKind, string)> _objects = [];
    private readonly HashSet<ulong> _writes = [];
    private readonly HashSet<ulong> _ends = [];
    private readonly HashSet<string> _drains = new(StringComparer.Ordinal);

    /// <summary>What is wrong with the next row, with its table and its name; null: nothing.</summary>
    public string? FaultOf(StoreChange put) => put switch
    {
        StoreChange.PutSession session => Named($"sessions, row {session.Key.SessionId:x16}", FaultOf(session)),
        StoreChange.PutItem item => Named($"items, row {item.SessionId:x16} '{item.Key}'", FaultOf(item)),
        StoreChange.PutAssignment assignment => Named(
            $"assignments, row {assignment.Kind} '{assignment.ObjectName}'", FaultOf(assignment)),
        StoreChange.PutWrites writes => Named($"writes, row {writes.SessionId:x16}", FaultOf(writes)),
        StoreChange.PutEnd ended => Named($"ends, row {ended.End.Revision}", FaultOf(ended.End)),
        StoreChange.PutDrain drained => Named($"drains, row '{drained.Drain.Identity}'", FaultOf(drained.Drain)),
        _ => $"a store holds puts only, not {put}",
    };

    /// <summary>The same of what belongs to no session: no number from which a master could not count on, and no term that nobody grants.</summary>
    public static string? FaultOfState(ulong masterEpoch, ulong revision, uint lengthenedTermMs) =>
        FaultOfNumber("master epoch", masterEpoch, 0, Limits.MaxMasterEpoch) ??
        FaultOfNumber("revision", revision, 0, Limits.MaxRevision) ??
        FaultOfNumber("lengthened term", lengthenedTermMs, 0, Limits.MaxTermMs);

    private static string? Named(string row, string? fault) => fault == null ? null : $"{row}: {fault}";

    private string? FaultOf(StoreChange.PutSession session)
    {
        string? fault = FaultOfNumber("id", session.Key.SessionId, 1, ulong.MaxValue) ??
            NamedText.FaultOf("identity", session.Description.Identity, 1, Limits.MaxIdentityBytes) ??
            NamedText.FaultOf("host name", session.Description.HostName, 0, Limits.MaxHostNameBytes) ??
            FaultOf(session.Description.Endpoints) ??
            FaultOfNumber("epoch", session.Key.Epoch, 1, revision) ??
            FaultOfNumber("weight", session.Description.Weight, 1, Limits.MaxWeight) ??
            FaultOfNumber("term", session.TermMs, Limits.MinTermMs, Limits.MaxTermMs) ??
            FaultOfNumber("time of a suspect", session.SuspectMs ?? 0, 0, Limits.MaxTermMs) ??
            NamedText.FaultOf("revoke reason", session.RevokeReason, 0, Limits.MaxReasonBytes);
        if (fault != null)
        {
            return fault;
        }

        if (_sessions.Contains(session.Key.SessionId))
        {
            return "a second session of this id";
        }

        if (!_identities.Add(session.Description.Identity))
        {
            return $"a second session of identity '{session.Description.Identity}'";
        }

        _sessions.Add(session.Key.SessionId);
        return null;
    }

    // A kind that a newer release names stays with its session, where no call of this release asks for it.
    private static string? FaultOf(EndpointList endpoints)
    {
        if (endpoints.Count > Limits.MaxEndpointsPerServer)
        {
            return $"it has {endpoints.Count} endpoints; at most {Limits.MaxEndpointsPerServer} are allowed";
        }

        for (int i = 0; i < endpoints.Count; i++)
        {
            string? fault = endpoints[i].Kind == 0
                ? $"endpoint {i} is of kind 0"
                : NamedText.FaultOf($"endpoint {i}", endpoints[i].Address, 1, Limits.MaxEndpointBytes);
            if (fault != null)
            {
                return fault;
            }
        }

        return null;
    }

    private string? FaultOf(StoreChange.PutItem item) =>
        NamedText.FaultOf("key", item.Key, 1, Limits.MaxItemKeyBytes) ??
        FaultOfNumber("size of the value", (ulong)item.Value.Length, 0, Limits.MaxItemBytes) ??
        FaultOfNumber("revision", item.Revision, 1, revision) ??
        FaultOfOwner(item.SessionId) ??
        (_items.Add((item.SessionId, item.Key)) ? null : "a second item of this key");

    private string? FaultOf(StoreChange.PutAssignment assignment) =>
        (AccessPointKinds.IsKnown(assignment.Kind) ? null : $"access point {(uint)assignment.Kind} is not known") ??
        NamedText.FaultOf("object", assignment.ObjectName, 1, Limits.MaxObjectBytes) ??
        FaultOfOwner(assignment.SessionId) ??
        (_objects.Add((assignment.Kind, assignment.ObjectName)) ? null : "a second access point of this object");

    private string? FaultOf(StoreChange.PutWrites writes)
    {
        if (FaultOfOwner(writes.SessionId) is { } fault)
        {
            return fault;
        }

        ulong former = 0;
        foreach (WriteAnswer answer in writes.Log.Answers)
        {
            if (answer.Number <= former)
            {
                return $"answer {answer.Number} follows answer {former}";
            }

            former = answer.Number;
            if (!answer.IsStoredRefusal && FaultOfNumber($"revision of answer {answer.Number}", answer.Revision, 1, revision) is { } wrong)
            {
                return wrong;
            }
        }

        return _writes.Add(writes.SessionId) ? null : "a second row of its session";
    }

    // A reason that only a newer release knows is shown by its number.
    private string? FaultOf(SessionEnd end) =>
        FaultOfNumber("revision", end.Revision, 1, revision) ??
        FaultOfNumber("session", end.SessionId, 1, ulong.MaxValue) ??
        FaultOfNumber("epoch", end.Epoch, 1, end.Revision) ??
        NamedText.FaultOf("identity", end.Identity, 1, Limits.MaxIdentityBytes) ??
        NamedText.FaultOf("host name", end.HostName, 0, Limits.MaxHostNameBytes) ??
        NamedText.FaultOf("peer address", end.PeerAddress, 0, Limits.MaxPeerAddressBytes) ??
        FaultOfNumber("reason", (ulong)end.Reason, 1, int.MaxValue) ??
        NamedText.FaultOf("text", end.Text, 0, Limits.MaxReasonBytes) ??
        FaultOfNumber("time of the end", (ulong)end.EndedUnixMs, 0, long.MaxValue) ??
        FaultOfNumber("silence", (ulong)end.SilentMs, 0, long.MaxValue) ??
        (_ends.Add(end.Revision) ? null : "a second end of this revision");

    private string? FaultOf(Drain drain) =>
        NamedText.FaultOf("identity", drain.Identity, 1, Limits.MaxIdentityBytes) ??
        NamedText.FaultOf("reason", drain.Reason, 0, Limits.MaxReasonBytes) ??
        FaultOfNumber("time since", (ulong)drain.SinceUnixMs, 0, long.MaxValue) ??
        (_drains.Add(drain.Identity) ? null : "a second drain of this identity");

    private string? FaultOfOwner(ulong sessionId) =>
        _sessions.Contains(sessionId) ? null : $"its session {sessionId:x16} is not there";

    private static string? FaultOfNumber(string what, ulong number, ulong min, ulong max) =>
        number >= min && number <= max ? null : $"{what} is {number}; it must be {min} to {max}";
}
