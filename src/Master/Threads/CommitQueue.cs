using System;
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
internal sealed class CommitQueue : IDisposable
{
    private readonly OperationQueue _operations = new();
    private readonly TableWriter _writer;
    private readonly ExpirySearch _expiry;
    private readonly ILogger _logger;
    private readonly LogBudgets _budgets = new();
    private readonly Thread _thread;

    /// <param name="table">Decides.</param>
    /// <param name="tableLock">Its lock.</param>
    /// <param name="store">Takes the changes.</param>
    /// <param name="mayAct">May what is read be answered at a time?</param>
    /// <param name="mayExpire">May sessions be expired at a time?</param>
    /// <param name="onEnded">A session's end is durable.</param>
    /// <param name="metrics">Counts commits.</param>
    /// <param name="logger">Where failures go.</param>
    internal CommitQueue(
        SessionTable table, Lock tableLock, ISessionStore store, Func<long, bool> mayAct, Func<long, bool> mayExpire,
        Action<EndedSession> onEnded, MasterMetrics metrics, ILogger logger)
    {
        _writer = new TableWriter(table, tableLock, store, mayAct, onEnded, metrics);
        _expiry = new ExpirySearch(_writer, mayExpire, logger, _budgets);
        _logger = logger;
        _thread = OwnThread.New("sessions-commit", Run);
        _thread.StartOrRefuse();
    }

    /// <inheritdoc cref="TableWriter.IsOver"/>
    internal bool IsOver => _writer.IsOver;

    /// <inheritdoc cref="OperationQueue.Waiting"/>
    internal (int Operations, long Bytes) Waiting => _operations.Waiting;

    /// <summary>The leadership is lost: what waits is refused.</summary>
    internal void EndLeadership() => _writer.End();

    /// <summary>Changes the table; done when the change is durable.</summary>
    /// <param name="decide">The change.</param>
    /// <param name="awaited">Cancelled when nobody waits for it any more: if it has not begun by then, it is not done.</param>
    /// <exception cref="SessionException">The table's refusal, Overloaded or Store*.</exception>
    internal Task<T> WriteAsync<T>(Func<SessionTable, T> decide, CancellationToken awaited = default) =>
        WriteAsync(decide, bytes: 0, awaited);

    /// <summary>As <see cref="WriteAsync{T}(Func{SessionTable, T}, CancellationToken)"/>, of a change that brings so many bytes.</summary>
    internal Task<T> WriteAsync<T>(Func<SessionTable, T> decide, long bytes, CancellationToken awaited) =>
        _operations.AddAsync(new TableOperation<T>(decide, isRead: false, awaited), bytes, isBounded: true, awaited);

    /// <summary>A change that is not refused where too many wait: its caller sees to it that there are few.</summary>
    internal Task<T> WriteAlwaysAsync<T>(Func<SessionTable, T> decide) =>
        _operations.AddAsync(new TableOperation<T>(decide, isRead: false, default), bytes: 0, isBounded: false, default);

    /// <summary>Looks at what is durable, behind what waits.</summary>
    internal Task<T> ReadAsync<T>(Func<SessionTable, T> decide, CancellationToken awaited = default) =>
        _operations.AddAsync(new TableOperation<T>(decide, isRead: true, awaited), bytes: 0, isBounded: true, awaited);

    /// <inheritdoc cref="TableWriter.TryLook"/>
    internal bool TryLook<T>(Func<SessionTable, bool> isSettled, Func<SessionTable, T> look, out T? seen) =>
        _writer.TryLook(isSettled, look, out seen);

    /// <summary>Finishes what waits and ends the thread.</summary>
    public void Dispose()
    {
        _operations.End();
        _thread.Join();
        // Whoever still has this leadership in hand sees that it is over.
        _writer.End();
    }

    private void Run()
    {
        List<TableOperation> batch = [];
        while (!_operations.IsCompleted)
        {
            try
            {
                _operations.Take(batch, _expiry.MoreIsDue ? 0 : Limits.ExpiryTickMs);
                Work(batch);
            }
            catch (Exception error)
            {
                EndAfter(error);
                // Those that are answered are; of the others nobody knows.
                SessionException told = ToldOf(new SessionException(SessionStatus.Internal, error.Message, error)
                {
                    IsOutcomeUnknown = true,
                });
                batch.ForEach(operation => operation.Fail(told));
            }

            _operations.Done();
            batch.Clear();
        }
    }

    private void Work(List<TableOperation> batch)
    {
        if (IsOver)
        {
            batch.ForEach(operation => operation.Fail(TableWriter.NotLeader()));
            return;
        }

        if (batch.Count > 0 && _writer.Standing() is { } refusal)
        {
            batch.ForEach(operation => operation.Fail(refusal));
            return;
        }

        TableOperation[] writes = [.. batch.Where(operation => !operation.IsRead)];
        if (writes.Length > 0 && !TryCommit(writes, out _))
        {
            CommitOneByOne(writes);
        }

        AnswerReads(batch);
        _expiry.Look();
    }

    // Nobody knows what the table is worth any more: it refuses, and the next tenure loads anew.
    private void EndAfter(Exception unexpected)
    {
        _writer.End();
        try
        {
            MasterLog.Unexpected(_logger, _thread.Name!, unexpected);
        }
        catch (Exception)
        {
            // It may have been the log.
        }
    }

    /// <summary>
    /// One change that does not fit must not take the others down with it. But where the store fails anyhow, nobody waits for it
    /// to fail with each of them; and the dead are looked for meanwhile.
    /// </summary>
    private void CommitOneByOne(TableOperation[] writes)
    {
        SessionException? last = null;
        for (int i = 0; i < writes.Length; i++)
        {
            TryCommit([writes[i]], out SessionException? failure);
            bool isAgain = failure != null && failure.Status == last?.Status && failure.Message == last.Message;
            if (isAgain || IsOver)
            {
                SessionException told = IsOver ? TableWriter.NotLeader() : failure!;
                Array.ForEach(writes[(i + 1)..], write => write.Fail(told));
                return;
            }

            last = failure;
            _expiry.Look();
        }
    }

    /// <summary>
    /// True: all are answered. False: the store failed, everything is as before, and each may be tried alone.
    /// </summary>
    private bool TryCommit(TableOperation[] writes, out SessionException? failure)
    {
        failure = _writer.DecideAndCommit(table =>
        {
            foreach (TableOperation write in writes)
            {
                write.Decide(table);
            }
        });
        if (failure != null)
        {
            MasterLog.CommitFailed(_logger, _budgets, writes.Length, failure.Status, failure.Message);
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

    // What may have been made is not answered as if it had not: a caller would make it again.
    private static SessionException ToldOf(SessionException failure) =>
        !failure.IsOutcomeUnknown || failure.Status == SessionStatus.TimedOut ? failure : new SessionException(
            SessionStatus.TimedOut, $"it is not known whether the store has the change: {failure.Message}", failure)
        {
            IsOutcomeUnknown = true,
        };

    private void AnswerReads(List<TableOperation> batch)
    {
        foreach (TableOperation read in batch.Where(operation => operation.IsRead))
        {
            try
            {
                _writer.RequireLeading();
                _writer.Look(table =>
                {
                    read.Decide(table);
                    return true;
                });
                read.Complete();
            }
            catch (SessionException refusal)
            {
                read.Fail(refusal);
            }
        }
    }
}
