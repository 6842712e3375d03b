using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>
/// The rules of a leadership's one writer: a batch of operations is decided, committed as one transaction (group commit: DeWitt
/// et al. 1984), accepted or undone, and only then answered. Between two batches sessions that are due to expire are looked for.
/// </summary>
/// <remarks>
/// This class has no clock, thread, lock or I/O: each input has the time with it, returns what is next, and adds to what
/// <see cref="TakeEffects"/> gives out. The caller keeps calls from overlapping, and one transaction is out at a time. Of the
/// kind of tikv/raft-rs' RawNode, which hands out what is to be stored and is told when that is done.
/// </remarks>
/// <param name="table">Decides.</param>
/// <param name="standing">How its leadership stands.</param>
/// <param name="mostExpiries">In one transaction.</param>
public sealed partial class WritePath(
    SessionTable table, IWriteStanding standing, int mostExpiries = Limits.MaxOperationsPerCommit)
{
    private IReadOnlyList<TableOperation> _batch = [];
    private TableOperation[] _writes = [];
    private List<WriteEffect> _effects = [];
    private EndedSession[] _ending = [];
    private Stage _stage;
    private bool _isOver;

    /// <summary>Where a batch is.</summary>
    private enum Stage
    {
        Idle,
        Standing,
        Together,
        Alone,
        Expiry,
        Reads,
    }

    /// <summary>
    /// Has the leadership ended? The store said that another leads, or left open what it has taken: the table is worth nothing any
    /// more, and every operation is refused.
    /// </summary>
    public bool IsOver => _isOver || standing.IsLost;

    /// <summary>What is to be committed as one transaction, in this order, with <see cref="WriteStep.Commit"/>.</summary>
    public IReadOnlyList<StoreChange> Changes { get; private set; } = [];

    /// <summary>How far the table has counted with them.</summary>
    public ulong Revision { get; private set; }

    /// <summary>When to come again if no operation comes before, in milliseconds.</summary>
    public int WaitMs => _moreIsDue && !IsOver ? 0 : Limits.ExpiryTickMs;

    /// <summary>The leadership is over: nothing is decided or answered any more.</summary>
    public void End() => _isOver = true;

    /// <summary>A batch of what waits, in order, or none.</summary>
    public WriteStep Take(IReadOnlyList<TableOperation> batch, long nowNs)
    {
        Debug.Assert(_stage == Stage.Idle, "one batch at a time");
        // The caller has carried out what came of the last.
        table.EndsAreTold();
        _batch = batch;
        _writes = [.. batch.Where(operation => !operation.IsRead)];
        _alone = _writes.Length;
        _nextRead = 0;
        if (IsOver)
        {
            RefuseAll(NotLeader());
            return WriteStep.Wait;
        }

        if (batch.Count > 0)
        {
            // Not all that is decided is committed, and so found out by the store.
            _stage = Stage.Standing;
            return WriteStep.Look;
        }

        _stage = Stage.Expiry;
        return Go(nowNs);
    }

    /// <summary>Goes on after <see cref="WriteStep.Again"/>.</summary>
    public WriteStep GoOn(long nowNs) => Go(nowNs);

    /// <summary>The store was looked at.</summary>
    /// <param name="blindness">Why it could not be seen; null: it is there.</param>
    /// <param name="nowNs">Now.</param>
    public WriteStep Seen(string? blindness, long nowNs)
    {
        Debug.Assert(_stage == Stage.Standing, "nobody asked for a look");
        SessionException? refusal =
            blindness != null ? new SessionException(SessionStatus.StoreFailed, $"the store cannot be seen: {blindness}")
            : IsOver || !standing.MayAct(nowNs) ? NotLeader()
            : null;
        if (refusal != null)
        {
            RefuseAll(refusal);
            return WriteStep.Wait;
        }

        _stage = Stage.Together;
        return Go(nowNs);
    }

    /// <summary>The transaction is durable.</summary>
    public WriteStep Committed(long nowNs)
    {
        AcceptChanges();
        return Conclude(failure: null, nowNs);
    }

    /// <summary>The store has not taken the transaction, or its outcome is unknown.</summary>
    public WriteStep CommitFailed(SessionException failure, long nowNs)
    {
        // Of an unknown outcome nothing is undone either: nobody looks at this table again.
        _isOver |= failure.Status == SessionStatus.NotLeader || failure.IsOutcomeUnknown;
        if (!IsOver)
        {
            table.Undo();
            AssertSound();
        }

        return Conclude(failure, nowNs);
    }

    /// <summary>
    /// An unexpected exception: what the table is worth is not known any more. The path refuses, and the next leadership loads
    /// a new table. Operations that are answered stay answered; the outcome of the others is unknown.
    /// </summary>
    public void Break(Exception unexpected)
    {
        _isOver = true;
        RefuseAll(ToldOf(new SessionException(SessionStatus.Internal, unexpected.Message, unexpected) { IsOutcomeUnknown = true }));
    }

    /// <summary>What is to be carried out by now, in order. Each is given out once.</summary>
    public IReadOnlyList<WriteEffect> TakeEffects()
    {
        List<WriteEffect> effects = _effects;
        if (effects.Count > 0)
        {
            _effects = [];
        }

        return effects;
    }

    /// <summary>Looks at once at what is durable; false: the batch that is being committed may change it.</summary>
    /// <param name="nowNs">Now, and not when the caller began to wait for its turn: the master may have lost the leadership since.</param>
    /// <param name="isSettled">Is it?</param>
    /// <param name="look">Only looks.</param>
    /// <param name="seen">What it saw.</param>
    /// <exception cref="SessionException">NotLeader, or as the look ends.</exception>
    public bool TryLook<T>(long nowNs, Func<SessionTable, bool> isSettled, Func<SessionTable, T> look, out T? seen)
    {
        if (IsOver || !standing.MayAct(nowNs))
        {
            throw NotLeader();
        }

        bool isSeen = isSettled(table);
        seen = isSeen ? look(table) : default;
        return isSeen;
    }

    private static SessionException NotLeader() => new(SessionStatus.NotLeader, "this master does not lead any more");

    // A change that may have been made is not answered as if it had not: a caller would make it again.
    private static SessionException ToldOf(SessionException failure) =>
        !failure.IsOutcomeUnknown || failure.Status == SessionStatus.TimedOut ? failure : new SessionException(
            SessionStatus.TimedOut, $"it is not known whether the store has the change: {failure.Message}", failure)
        {
            IsOutcomeUnknown = true,
        };

    private void AcceptChanges()
    {
        table.Accept();
        AssertSound();
        foreach (EndedSession end in _ending)
        {
            _effects.Add(new WriteEffect.Ended(end));
        }
    }

    private void Answer(TableOperation operation)
    {
        operation.IsSettled = true;
        _effects.Add(new WriteEffect.Answer(operation));
    }

    private void Refuse(TableOperation operation, SessionException failure)
    {
        if (!operation.IsSettled)
        {
            operation.IsSettled = true;
            _effects.Add(new WriteEffect.Refuse(operation, failure));
        }
    }

    private void RefuseAll(SessionException failure)
    {
        foreach (TableOperation operation in _batch)
        {
            Refuse(operation, failure);
        }

        _stage = Stage.Idle;
    }

    // Of all sessions: in tables as tests have them.
    [Conditional("DEBUG")]
    private void AssertSound() => Debug.Assert(
        table.Count > 64 || !table.BrokenInvariants().Any(), "the table is not sound", string.Join("; ", table.BrokenInvariants()));
}
