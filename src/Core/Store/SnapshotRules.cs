using System;
using System.Collections.Generic;
using System.Text;

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

    /// <summary>What is wrong with the next row, with its table and its name; null: nothing.</summary>
    public string? FaultOf(StoreChange put) => put switch
    {
        StoreChange.PutSession session => Named($"sessions, row {session.Key.SessionId:x16}", FaultOf(session)),
        StoreChange.PutItem item => Named($"items, row {item.SessionId:x16} '{item.Key}'", FaultOf(item)),
        StoreChange.PutAssignment assignment => Named(
            $"assignments, row {assignment.Kind} '{assignment.ObjectName}'", FaultOf(assignment)),
        StoreChange.PutWrites writes => Named($"writes, row {writes.SessionId:x16}", FaultOf(writes)),
        _ => $"a store holds puts only, not {put}",
    };

    private static string? Named(string row, string? fault) => fault == null ? null : $"{row}: {fault}";

    private string? FaultOf(StoreChange.PutSession session)
    {
        string? fault = FaultOfText("identity", session.Description.Identity, 1, Limits.MaxIdentityBytes) ??
            FaultOfText("host name", session.Description.HostName, 0, Limits.MaxHostNameBytes) ??
            FaultOf(session.Description.Endpoints) ??
            FaultOfNumber("epoch", session.Key.Epoch, 1, revision) ??
            FaultOfNumber("term", session.TermMs, Limits.MinTermMs, Limits.MaxTermMs) ??
            FaultOfNumber("time of a suspect", session.SuspectMs ?? 0, 0, Limits.MaxTermMs);
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
        return FaultOfText("revoke reason", session.RevokeReason, 0, Limits.MaxReasonBytes);
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
                : FaultOfText($"endpoint {i}", endpoints[i].Address, 1, Limits.MaxEndpointBytes);
            if (fault != null)
            {
                return fault;
            }
        }

        return null;
    }

    private string? FaultOf(StoreChange.PutItem item) =>
        FaultOfText("key", item.Key, 1, Limits.MaxItemKeyBytes) ??
        FaultOfNumber("size of the value", (ulong)item.Value.Length, 0, Limits.MaxItemBytes) ??
        FaultOfNumber("revision", item.Revision, 1, revision) ??
        FaultOfOwner(item.SessionId) ??
        (_items.Add((item.SessionId, item.Key)) ? null : "a second item of this key");

    private string? FaultOf(StoreChange.PutAssignment assignment) =>
        (AccessPointKinds.IsKnown(assignment.Kind) ? null : $"access point {(uint)assignment.Kind} is not known") ??
        FaultOfText("object", assignment.ObjectName, 1, Limits.MaxObjectBytes) ??
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

    private string? FaultOfOwner(ulong sessionId) =>
        _sessions.Contains(sessionId) ? null : $"its session {sessionId:x16} is not there";

    private static string? FaultOfText(string what, string? text, int minBytes, int maxBytes)
    {
        if (text == null)
        {
            return $"{what} is null";
        }

        int bytes = Encoding.UTF8.GetByteCount(text);
        return bytes >= minBytes && bytes <= maxBytes ? null : $"{what} has {bytes} bytes; it must be {minBytes} to {maxBytes}";
    }

    private static string? FaultOfNumber(string what, ulong number, ulong min, ulong max) =>
        number >= min && number <= max ? null : $"{what} is {number}; it must be {min} to {max}";
}
