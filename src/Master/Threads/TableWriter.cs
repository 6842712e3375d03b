using System;
using System.Threading;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Threads;

/// <summary>The table of a leadership and its store: what is decided on the one is committed to the other, or undone.</summary>
/// <remarks>The table's lock is never held during a commit, so renewals and looks go on while a disk is slow.</remarks>
/// <param name="table">Decides.</param>
/// <param name="tableLock">Its lock.</param>
/// <param name="store">Takes the changes.</param>
/// <param name="mayAct">May what is read be answered at a time?</param>
/// <param name="onEnded">A session's end is durable.</param>
/// <param name="metrics">Counts commits.</param>
internal sealed class TableWriter(
    SessionTable table, Lock tableLock, ISessionStore store, Func<long, bool> mayAct, Action<EndedSession> onEnded,
    MasterMetrics metrics)
{
    private volatile bool _ended;

    /// <summary>
    /// Has the leadership ended? The store said that another leads, or left open what it has taken: the table is worth
    /// nothing any more, and every operation is refused.
    /// </summary>
    internal bool IsOver => _ended || store.IsLost;

    /// <summary>It is over: nothing is decided or answered any more.</summary>
    internal void End() => _ended = true;

    /// <summary>Another may lead by now, and have changed what is looked at here.</summary>
    /// <exception cref="SessionException">NotLeader.</exception>
    internal void RequireLeading()
    {
        if (IsOver || !mayAct(BootClock.NowNs))
        {
            throw NotLeader();
        }
    }

    /// <summary>
    /// The same on the thread of the writer, which may look at the store itself: null, or why nothing may be answered. Not all
    /// that is decided is committed, and so found out by the store.
    /// </summary>
    internal SessionException? Standing() =>
        store.Look() is { } blindness ? new SessionException(SessionStatus.StoreFailed, $"the store cannot be seen: {blindness}")
        : IsOver || !mayAct(BootClock.NowNs) ? NotLeader()
        : null;

    /// <summary>Looks at once at what is durable; false: the batch that is being committed may change it.</summary>
    /// <param name="isSettled">Is it?</param>
    /// <param name="look">Only looks.</param>
    /// <param name="seen">What it saw.</param>
    /// <exception cref="SessionException">NotLeader, or as the look ends.</exception>
    internal bool TryLook<T>(Func<SessionTable, bool> isSettled, Func<SessionTable, T> look, out T? seen)
    {
        lock (tableLock)
        {
            // Within the lock: whoever was kept waiting for it may lead no more.
            RequireLeading();
            bool isSeen = isSettled(table);
            seen = isSeen ? look(table) : default;
            return isSeen;
        }
    }

    /// <summary>Looks at the table between two batches, on the thread of the writer.</summary>
    internal T Look<T>(Func<SessionTable, T> look)
    {
        lock (tableLock)
        {
            return look(table);
        }
    }

    /// <summary>Null: it is durable. Otherwise why not, and everything is as before, unless the leadership is over.</summary>
    internal SessionException? DecideAndCommit(Action<SessionTable> decide)
    {
        StoreChange[] changes;
        EndedSession[] ended;
        ulong revision;
        lock (tableLock)
        {
            decide(table);
            changes = [.. table.Changes];
            ended = [.. table.Ended];
            revision = table.Revision;
        }

        SessionException? failure = changes.Length == 0 ? null : Commit(changes, revision);
        lock (tableLock)
        {
            if (failure == null)
            {
                table.Accept();
            }
            else
            {
                // Of an unknown outcome nothing is undone either: nobody looks at this table again.
                _ended |= failure.Status == SessionStatus.NotLeader || failure.IsOutcomeUnknown;
                if (!IsOver)
                {
                    table.Undo();
                }

                return failure;
            }
        }

        foreach (EndedSession end in ended)
        {
            onEnded(end);
        }

        return null;
    }

    internal static SessionException NotLeader() => new(SessionStatus.NotLeader, "this master does not lead any more");

    private SessionException? Commit(StoreChange[] changes, ulong revision)
    {
        long beganNs = BootClock.NowNs;
        SessionException? failure = TryCommit(changes, revision);
        metrics.NoteCommit(BootClock.NowNs - beganNs, isTaken: failure == null);
        return failure;
    }

    private SessionException? TryCommit(StoreChange[] changes, ulong revision)
    {
        try
        {
            store.Commit(changes, revision);
            return null;
        }
        catch (SessionException failure)
        {
            return failure;
        }
        catch (Exception error)
        {
            // Nobody knows how far it got.
            return new SessionException(SessionStatus.StoreFailed, error.Message, error) { IsOutcomeUnknown = true };
        }
    }
}
