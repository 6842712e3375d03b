using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>
/// What the batch that is being committed touches. All else is durable as it is here, so that whoever looks at it need not wait
/// for the disk; what is touched may still be undone.
/// </content>
public sealed partial class SessionTable
{
    private readonly HashSet<ulong> _sessionsInBatch = [];
    private readonly HashSet<ulong> _itemsInBatch = [];
    private readonly HashSet<(AccessPointKind, string)> _objectsInBatch = [];

    /// <summary>Is a session durable as it is here, with its items? Also where there is none: that is durable too.</summary>
    public bool IsSettled(ulong sessionId) =>
        DeliberateFaults.Has(DeliberateFault.LookDoesNotWait) ||
        (!_sessionsInBatch.Contains(sessionId) && !_itemsInBatch.Contains(sessionId));

    /// <summary>Has an object an access point, durably, so that <see cref="FindAccessPoint"/> only looks?</summary>
    public bool IsSettled(SessionKey caller, AccessPointKind kind, string objectName) =>
        !_sessionsInBatch.Contains(caller.SessionId) &&
        !_objectsInBatch.Contains((kind, objectName)) &&
        _assignments.TryGetValue((kind, objectName), out Assignment assignment) && Holds(assignment.Server) &&
        !_sessionsInBatch.Contains(assignment.Server.Key.SessionId);

    /// <summary>Is a page of <see cref="List"/> durable as it is here?</summary>
    /// <exception cref="SessionException">As for <see cref="List"/>.</exception>
    public bool IsSettled(ulong fromSessionId, uint limit)
    {
        if (_sessionsInBatch.Count + _itemsInBatch.Count == 0)
        {
            return true;
        }

        // Who is in the batch and falls into the page, as it is here, or would without the batch.
        List(fromSessionId, limit, out ulong nextSessionId);
        ulong lastSessionId = nextSessionId == 0 ? ulong.MaxValue : nextSessionId;
        return !_sessionsInBatch.Concat(_itemsInBatch).Any(id => id >= fromSessionId && id <= lastSessionId);
    }

    private void Touch(StoreChange change)
    {
        switch (change)
        {
            case StoreChange.PutSession put:
                _sessionsInBatch.Add(put.Key.SessionId);
                break;
            case StoreChange.RemoveSession remove:
                _sessionsInBatch.Add(remove.SessionId);
                break;
            case StoreChange.PutItem put:
                _itemsInBatch.Add(put.SessionId);
                break;
            case StoreChange.RemoveItem remove:
                _itemsInBatch.Add(remove.SessionId);
                break;
            case StoreChange.PutAssignment put:
                _objectsInBatch.Add((put.Kind, put.ObjectName));
                break;
            case StoreChange.RemoveAssignment remove:
                _objectsInBatch.Add((remove.Kind, remove.ObjectName));
                break;
            case StoreChange.PutWrites or StoreChange.PutState:
                // Nobody can look at it.
                break;
            default:
                throw new ArgumentException($"nobody said what {change} touches", nameof(change));
        }
    }

    private void TouchNothing()
    {
        _sessionsInBatch.Clear();
        _itemsInBatch.Clear();
        _objectsInBatch.Clear();
    }
}
