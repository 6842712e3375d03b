using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Threads;

/// <summary>
/// The one writer: takes all operations that wait, lets the table decide them, commits their changes as one transaction
/// (group commit: DeWitt et al. 1984), and only then answers. Between two batches it expires sessions.
/// </summary>
/// <remarks>The table's lock is never held during a commit, so renewals go on while a disk is slow.</remarks>
internal sealed class CommitQueue : IDisposable
{
    private readonly BlockingCollection<TableOperation> _waiting = new(Limits.MaxWaitingOperations);
    private readonly SessionTable _table;
    private readonly Lock _tableLock;
    private readonly ISessionStore _store;
    private readonly Func<long, bool> _mayAct;
    private readonly Func<long, bool> _mayExpire;
    private readonly Action<EndedSession> _onEnded;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private long _nextExpiryNs;
    private bool _moreIsDue;
    private bool _strangerIsNoted;
    private volatile bool _ended;

    /// <param name="table">Decides.</param>
    /// <param name="tableLock">Its lock.</param>
    /// <param name="store">Takes the changes.</param>
    /// <param name="mayAct">May what is read be answered at a time?</param>
    /// <param name="mayExpire">May sessions be expired at a time?</param>
    /// <param name="onEnded">A session's end is durable.</param>
    /// <param name="logger">Where failures go.</param>
    internal CommitQueue(
        SessionTable table, Lock tableLock, ISessionStore store, Func<long, bool> mayAct, Func<long, bool> mayExpire,
        Action<EndedSession> onEnded, ILogger logger)
    {
        _table = table;
        _tableLock = tableLock;
        _store = store;
        _mayAct = mayAct;
        _mayExpire = mayExpire;
        _onEnded = onEnded;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "sessions-commit" };
        _thread.Start();
    }

    /// <summary>
    /// Has the leadership ended? The store said that another leads, or left open what it has taken: the table is worth
    /// nothing any more, and every operation is refused.
    /// </summary>
    internal bool IsOver => _ended || _store.IsLost;

    /// <summary>The leadership is lost: what waits is refused.</summary>
    internal void EndLeadership() => _ended = true;

    /// <summary>Changes the table; done when the change is durable.</summary>
    /// <exception cref="SessionException">The table's refusal, or Store*.</exception>
    internal Task<T> WriteAsync<T>(Func<SessionTable, T> decide, CancellationToken awaited = default) =>
        Add(new TableOperation<T>(decide, isRead: false, awaited));

    /// <summary>Looks at what is durable.</summary>
    internal Task<T> ReadAsync<T>(Func<SessionTable, T> decide, CancellationToken awaited = default) =>
        Add(new TableOperation<T>(decide, isRead: true, awaited));

    /// <summary>Finishes what waits and ends the thread.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join();
    }

    private Task<T> Add<T>(TableOperation<T> operation)
    {
        try
        {
            return _waiting.TryAdd(operation) ? operation.Done : throw new SessionException(
                SessionStatus.TimedOut, $"the store is behind: {Limits.MaxWaitingOperations} operations wait for it");
        }
        catch (InvalidOperationException)
        {
            throw new SessionException(SessionStatus.Cancelled, "the master stops");
        }
    }

    private void Run()
    {
        List<TableOperation> batch = [];
        while (!_waiting.IsCompleted)
        {
            try
            {
                TakeBatch(batch);
                Work(batch);
            }
            catch (Exception error)
            {
                EndAfter(error);
                batch.ForEach(operation => operation.Fail(NotLeader()));
            }

            batch.Clear();
        }
    }

    private void Work(List<TableOperation> batch)
    {
        if (IsOver)
        {
            batch.ForEach(operation => operation.Fail(NotLeader()));
            return;
        }

        TableOperation[] writes = [.. batch.Where(operation => !operation.IsRead)];
        if (writes.Length > 0 && !TryCommit(writes))
        {
            // One change that does not fit must not take the others down with it.
            foreach (TableOperation write in writes)
            {
                TryCommit([write]);
            }
        }

        AnswerReads(batch);
        Expire();
    }

    // Nobody knows what the table is worth any more: it refuses, and the next tenure loads anew.
    private void EndAfter(Exception unexpected)
    {
        _ended = true;
        try
        {
            MasterLog.Unexpected(_logger, _thread.Name!, unexpected);
        }
        catch (Exception)
        {
            // It may have been the log.
        }
    }

    private void TakeBatch(List<TableOperation> batch)
    {
        if (_waiting.TryTake(out TableOperation? first, _moreIsDue ? 0 : Limits.ExpiryTickMs))
        {
            batch.Add(first);
            while (batch.Count < Limits.MaxOperationsPerCommit && _waiting.TryTake(out TableOperation? next))
            {
                batch.Add(next);
            }
        }
    }

    /// <summary>
    /// True: all are answered. False: the store failed, everything is as before, and each may be tried alone.
    /// </summary>
    private bool TryCommit(TableOperation[] writes)
    {
        SessionException? failure = DecideAndCommit(table =>
        {
            foreach (TableOperation write in writes)
            {
                write.Decide(table);
            }
        });
        if (failure != null)
        {
            MasterLog.CommitFailed(_logger, writes.Length, failure.Status, failure.Message);
            if (writes.Length == 1 || IsOver)
            {
                SessionException told = ToldOf(failure);
                Array.ForEach(writes, write => write.Fail(told));
                return true;
            }

            return false;
        }

        foreach (TableOperation write in writes)
        {
            write.Complete();
        }

        return true;
    }

    private SessionException? DecideAndCommit(Action<SessionTable> decide)
    {
        StoreChange[] changes;
        EndedSession[] ended;
        ulong revision;
        lock (_tableLock)
        {
            decide(_table);
            changes = [.. _table.Changes];
            ended = [.. _table.Ended];
            revision = _table.Revision;
        }

        SessionException? failure = changes.Length == 0 ? null : Commit(changes, revision);
        lock (_tableLock)
        {
            if (failure == null)
            {
                _table.Accept();
            }
            else
            {
                // Of an unknown outcome nothing is undone either: nobody looks at this table again.
                _ended |= failure.Status == SessionStatus.NotLeader || failure.IsOutcomeUnknown;
                if (!IsOver)
                {
                    _table.Undo();
                }

                return failure;
            }
        }

        foreach (EndedSession end in ended)
        {
            _onEnded(end);
        }

        return null;
    }

    private SessionException? Commit(StoreChange[] changes, ulong revision)
    {
        try
        {
            _store.Commit(changes, revision);
            return null;
        }
        catch (SessionException failure)
        {
            return failure;
        }
        catch (Exception error)
        {
            return new SessionException(SessionStatus.StoreFailed, error.Message, error);
        }
    }

    // What may have been made is not answered as if it had not: a caller would make it again.
    private static SessionException ToldOf(SessionException failure) =>
        !failure.IsOutcomeUnknown || failure.Status == SessionStatus.TimedOut ? failure : new SessionException(
            SessionStatus.TimedOut, $"it is not known whether the store has the change: {failure.Message}", failure)
        {
            IsOutcomeUnknown = true,
        };

    private static SessionException NotLeader() => new(SessionStatus.NotLeader, "this master does not lead any more");

    private void AnswerReads(List<TableOperation> batch)
    {
        foreach (TableOperation read in batch.Where(operation => operation.IsRead))
        {
            // Another may lead since it began to wait, and have changed what is read here.
            if (IsOver || !_mayAct(BootClock.NowNs))
            {
                read.Fail(NotLeader());
                continue;
            }

            lock (_tableLock)
            {
                read.Decide(_table);
            }

            read.Complete();
        }
    }

    // Found by a renewal or a call, on any thread; told here, once.
    private void NoteStranger()
    {
        SessionKey? stranger;
        lock (_tableLock)
        {
            stranger = _table.Stranger;
        }

        if (stranger is { } key && !_strangerIsNoted)
        {
            _strangerIsNoted = true;
            MasterLog.StoreWentBack(_logger, key.SessionId, key.Epoch);
        }
    }

    private void Expire()
    {
        _moreIsDue = false;
        long nowNs = BootClock.NowNs;
        if (IsOver || nowNs < _nextExpiryNs || !_mayExpire(nowNs))
        {
            return;
        }

        NoteStranger();
        int due = 0;
        bool isMore = false;
        SessionException? failure = DecideAndCommit(table =>
        {
            due = table.Expire(nowNs, Limits.MaxOperationsPerCommit);
            isMore = table.MoreIsDue;
        });
        if (failure != null)
        {
            MasterLog.CommitFailed(_logger, due, failure.Status, failure.Message);
            _nextExpiryNs = nowNs + (Limits.ExpiryRetryMs * 1_000_000L);
        }
        else if (isMore)
        {
            _moreIsDue = true;
        }
        else
        {
            _nextExpiryNs = nowNs + (Limits.ExpiryTickMs * 1_000_000L);
        }
    }
}
