using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>What a store has after the transactions that it took: a table that is made of it must be as the one that handed them out.</summary>
internal sealed class StoreModel
{
    private readonly Dictionary<ulong, StoreChange.PutSession> _sessions = [];
    private readonly Dictionary<(ulong, string), StoreChange.PutItem> _items = [];
    private readonly Dictionary<(AccessPointKind, string), StoreChange.PutAssignment> _assignments = [];
    private readonly Dictionary<ulong, StoreChange.PutWrites> _writes = [];
    private readonly Dictionary<string, StoreChange.PutDrain> _drains = [];
    private StoreChange.PutState _state = new(0, false);

    internal void Commit(IEnumerable<StoreChange> changes)
    {
        foreach (StoreChange part in changes.SelectMany(change => change.AsParts()))
        {
            Apply(part);
        }
    }

    /// <param name="masterEpoch">Of the leadership that loads it.</param>
    /// <param name="revision">The last that was committed.</param>
    /// <param name="gap">So many are left out: a leadership may begin to count beyond.</param>
    internal StoreSnapshot Snapshot(ulong masterEpoch, ulong revision, ulong gap = 0) => new()
    {
        MasterEpoch = masterEpoch,
        Revision = revision + gap,
        FormerRevision = revision,
        LengthenedTermMs = _state.LengthenedTermMs,
        IsRestored = _state.IsRestored,
        Content =
        [
            .. _sessions.Values.OrderBy(put => put.Key.Epoch), .. _items.Values, .. _assignments.Values, .. _writes.Values, .. _drains.Values,
        ],
    };

    /// <summary>In words, to be compared.</summary>
    internal string Text => string.Join('\n', Snapshot(0, 0).Content.Select(TextOf).Order(System.StringComparer.Ordinal));

    private void Apply(StoreChange change)
    {
        switch (change)
        {
            case StoreChange.PutSession put:
                _sessions[put.Key.SessionId] = put;
                break;
            case StoreChange.RemoveSession remove:
                Remove(remove);
                break;
            case StoreChange.PutItem put:
                RequireSession(put.SessionId);
                _items[(put.SessionId, put.Key)] = put;
                Note(put.Writes);
                break;
            case StoreChange.RemoveItem remove:
                Expect.That(_items.Remove((remove.SessionId, remove.Key)), $"item {remove.Key} is to be removed, and the store has none");
                Note(remove.Writes);
                break;
            case StoreChange.PutWrites put:
                Note(put);
                break;
            case StoreChange.PutState put:
                _state = put;
                break;
            case StoreChange.PutAssignment put:
                RequireSession(put.SessionId);
                _assignments[(put.Kind, put.ObjectName)] = put;
                break;
            case StoreChange.RemoveAssignment remove:
                _assignments.Remove((remove.Kind, remove.ObjectName));
                break;
            case StoreChange.PutDrain put:
                _drains[put.Drain.Identity] = put;
                break;
            case StoreChange.RemoveDrain remove:
                Expect.That(_drains.Remove(remove.Identity), $"the drain of {remove.Identity} is to be removed, and the store has none");
                break;
            default:
                throw new FindingException($"no store knows {change}");
        }
    }

    private void Remove(StoreChange.RemoveSession remove)
    {
        Expect.That(
            _sessions.Remove(remove.SessionId, out StoreChange.PutSession? removed) && removed.Key.Epoch == remove.Epoch,
            $"session {remove.SessionId} of epoch {remove.Epoch} is to be removed, and the store has none");
        foreach ((ulong SessionId, string) item in _items.Keys.Where(item => item.Item1 == remove.SessionId).ToList())
        {
            _items.Remove(item);
        }

        foreach (StoreChange.PutAssignment assignment in _assignments.Values.Where(put => put.SessionId == remove.SessionId).ToList())
        {
            _assignments.Remove((assignment.Kind, assignment.ObjectName));
        }

        _writes.Remove(remove.SessionId);
    }

    private void Note(StoreChange.PutWrites? writes)
    {
        if (writes != null)
        {
            RequireSession(writes.SessionId);
            _writes[writes.SessionId] = writes;
        }
    }

    private void RequireSession(ulong sessionId) =>
        Expect.That(_sessions.ContainsKey(sessionId), $"session {sessionId} is to be changed, and the store has none");

    private static string TextOf(StoreChange change) => change switch
    {
        StoreChange.PutSession put => $"session {put.Key.SessionId:x16} {put.Key.Epoch} {put.Key.Nonce:x16} {put.Description.Identity} {put.IsRevoked} {put.RevokeReason}",
        StoreChange.PutItem put => $"item {put.SessionId} {put.Key} {put.Value.Length} {put.Revision}",
        StoreChange.PutAssignment put => $"assignment {put.Kind} {put.ObjectName} {put.SessionId}",
        StoreChange.PutDrain put => $"drain {put.Drain}",
        _ => change.GetType().Name,
    };
}
