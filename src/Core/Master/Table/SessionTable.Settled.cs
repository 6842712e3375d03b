using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <content>
/// What the batch that is being committed touches, and may still be undone. Everything else is durable as it is here, so that a
/// look at it need not wait for the disk. Of what is touched, a look shows what there was before the batch (items, a list), or
/// waits (a session by its key, an object that has no access point).
/// </content>
public sealed partial class SessionTable
{
    private readonly HashSet<ulong> _sessionsInBatch = [];
    private readonly HashSet<ulong> _madeInBatch = [];
    private readonly HashSet<Session> _itemsInBatch = [];
    private readonly HashSet<(AccessPointKind, string)> _objectsInBatch = [];

    /// <summary>Is a session durable as it is here? Also where there is none: that is durable too.</summary>
    public bool IsSettled(ulong sessionId) => !_sessionsInBatch.Contains(sessionId);

    /// <summary>Has an object an access point, durably, so that <see cref="FindAccessPoint"/> only looks?</summary>
    public bool IsSettled(SessionKey caller, AccessPointKind kind, string objectName) =>
        !_sessionsInBatch.Contains(caller.SessionId) &&
        !_objectsInBatch.Contains((kind, objectName)) &&
        _assignments.TryGetValue((kind, objectName), out Assignment assignment) && Holds(assignment.Server);

    /// <summary>The server that an object is assigned to, or none, where nothing is under way for the two; for the simulator.</summary>
    internal bool TryFindSettled(AccessPointKind kind, string objectName, out Session? server)
    {
        server = _assignments.TryGetValue((kind, objectName), out Assignment assignment) ? assignment.Server : null;
        bool isSettled = !_objectsInBatch.Contains((kind, objectName)) && (server == null || !_sessionsInBatch.Contains(server.Key.SessionId));
        server = server != null && Holds(server) ? server : null;
        return isSettled;
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
            case StoreChange.PutAssignment put:
                _objectsInBatch.Add((put.Kind, put.ObjectName));
                break;
            case StoreChange.RemoveAssignment remove:
                _objectsInBatch.Add((remove.Kind, remove.ObjectName));
                break;
            case StoreChange.Together together:
                foreach (StoreChange part in together.Parts)
                {
                    Touch(part);
                }

                break;
            case StoreChange.PutItem or StoreChange.RemoveItem or StoreChange.PutWrites or StoreChange.PutState or StoreChange.RemoveEnd or
                StoreChange.PutDrain or StoreChange.RemoveDrain:
                // A look shows what there was before, or cannot see it at all.
                break;
            default:
                throw new ArgumentException($"nobody said what {change} touches", nameof(change));
        }
    }

    private void TouchNothing()
    {
        _sessionsInBatch.Clear();
        _madeInBatch.Clear();
        _itemsInBatch.Clear();
        _objectsInBatch.Clear();
    }
}
