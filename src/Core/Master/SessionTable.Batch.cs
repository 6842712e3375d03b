using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <content>The batch of durable changes that is being made.</content>
public sealed partial class SessionTable
{
    private readonly List<StoreChange> _changes = [];
    private readonly List<Action> _undo = [];
    private readonly List<EndedSession> _endedInBatch = [];
    private ulong _acceptedRevision;

    /// <summary>What the store must commit as one transaction, in this order.</summary>
    public IReadOnlyList<StoreChange> Changes => _changes;

    /// <summary>The sessions that the batch ends; their SessionExpired runs after the commit.</summary>
    public IReadOnlyList<EndedSession> Ended => _endedInBatch;

    /// <summary>The store has committed the batch.</summary>
    public void Accept()
    {
        foreach (EndedSession end in _endedInBatch)
        {
            _ended.Remember(end.Session.Key, end.Reason);
        }

        ForgetBatch();
    }

    /// <summary>The store has failed: everything is as before the batch, but nobody condemned is pardoned.</summary>
    public void Undo()
    {
        for (int i = _undo.Count - 1; i >= 0; i--)
        {
            _undo[i]();
        }

        Revision = _acceptedRevision;
        ForgetBatch();
    }

    private void Record(StoreChange change, Action undo)
    {
        if (_changes.Count == 0)
        {
            _acceptedRevision = Revision;
        }

        _changes.Add(change);
        _undo.Add(undo);
    }

    private ulong NextRevision()
    {
        if (_changes.Count == 0)
        {
            _acceptedRevision = Revision;
        }

        return ++Revision;
    }

    private void ForgetBatch()
    {
        _changes.Clear();
        _undo.Clear();
        _endedInBatch.Clear();
    }
}

/// <summary>A session that ended, and why.</summary>
/// <param name="Session">As it was.</param>
/// <param name="Reason">Expired, revoked or closed.</param>
public sealed record EndedSession(Session Session, SessionEndReason Reason);
