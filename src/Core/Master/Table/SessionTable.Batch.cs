using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <content>The batch of durable changes that is being made.</content>
public sealed partial class SessionTable
{
    private readonly List<StoreChange> _changes = [];
    private readonly List<Action> _undo = [];
    private readonly Dictionary<ulong, EndedSession> _endedInBatch = [];
    private readonly Dictionary<Session, string> _revokedInBatch = [];
    private readonly HashSet<Session> _clearedInBatch = [];
    private readonly HashSet<string> _untoldEnds = new(StringComparer.Ordinal);
    private StoreChange.PutState? _stateInBatch;
    private ulong _acceptedRevision;

    /// <summary>What the store must commit as one transaction, in this order.</summary>
    public IReadOnlyList<StoreChange> Changes => _changes;

    /// <summary>The sessions that the batch ends; their SessionEnded runs after the commit.</summary>
    public IReadOnlyCollection<EndedSession> Ended => _endedInBatch.Values;

    /// <summary>The store has committed the batch.</summary>
    public void Accept()
    {
        foreach (EndedSession end in _endedInBatch.Values)
        {
            _ended.Remember(end.Session, end.Reason);
            _untoldEnds.Add(end.Session.Description.Identity);
            _unassigned.Enqueue(end.Session);
        }

        foreach ((Session revoked, string reason) in _revokedInBatch)
        {
            revoked.IsRevoked = true;
            revoked.RevokeReason = reason;
            RemoveServer(revoked);
        }

        foreach (Session cleared in _clearedInBatch)
        {
            cleared.SuspectMs = null;
        }

        foreach (Session changed in _itemsInBatch)
        {
            changed.Items.Accept();
        }

        AcceptDrains();
        AcceptState();
        _endLog.Accept();
        _history.Accept(_saidInBatch, Revision);
        _acceptedRevision = Revision;
        ForgetBatch();
    }

    /// <summary>The ends of all batches that were accepted are on their way to the host: what comes after them comes after.</summary>
    public void EndsAreTold() => _untoldEnds.Clear();

    /// <summary>
    /// The store has failed: everything is as before the batch, but a condemned session stays condemned and a suspect stays
    /// suspect.
    /// </summary>
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
        Touch(change);
        RecordUnseen(change, undo);
    }

    /// <summary>As Record, for what no look at the table shows.</summary>
    private void RecordUnseen(StoreChange change, Action undo)
    {
        _changes.Add(change);
        _undo.Add(undo);
    }

    /// <summary>The session as the store will have it, with what earlier verbs of this batch have done to it.</summary>
    private void RecordSession(Session session, Action undo)
    {
        StoreChange.PutSession put = ToStore(session);
        Record(put, undo);
        Say(++Revision, put, session);
    }

    /// <summary>As <see cref="RecordSession"/>, where only the mark of a suspect has changed: no look at the table shows it.</summary>
    private void RecordMark(Session session) => RecordUnseen(ToStore(session), () => { });

    private StoreChange.PutSession ToStore(Session session) => new(
        session.Key, session.Description, session.TermMs, session.SecretHash, session.IsRevoked || _revokedInBatch.ContainsKey(session),
        _clearedInBatch.Contains(session) ? null : session.SuspectMs)
    {
        Unknown = session.Unknown,
        RevokeReason = ReasonToRevoke(session),
    };

    private string ReasonToRevoke(Session session) => _revokedInBatch.GetValueOrDefault(session) ?? session.RevokeReason;

    // A holder that asks while the end of its session is being committed hears of the end already.
    private SessionStatus StatusOfEnded(ulong sessionId) =>
        _endedInBatch.TryGetValue(sessionId, out EndedSession? end)
            ? end.Reason.Status()
            : _ended.StatusOf(sessionId);

    private void ForgetBatch()
    {
        _changes.Clear();
        _saidInBatch.Clear();
        _undo.Clear();
        _endedInBatch.Clear();
        _revokedInBatch.Clear();
        _clearedInBatch.Clear();
        _stateInBatch = null;
        _drains.Settle();
        TouchNothing();
    }
}

/// <summary>A session that ended, and why.</summary>
/// <param name="Session">As it was.</param>
/// <param name="End">What is kept of it.</param>
public sealed record EndedSession(Session Session, SessionEnd End)
{
    /// <summary>Expired, revoked or closed.</summary>
    public SessionEndReason Reason => End.Reason;
}
