using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Writing;

/// <summary>
/// The thread of a leadership's one writer. <see cref="WritePath"/> decides; this waits for work, steps in the table's lock, and
/// does what comes of it outside of it, so that renewals and looks go on while a disk is slow.
/// </summary>
internal sealed class CommitQueue : IDisposable
{
    private readonly OperationQueue _operations;
    private readonly WritePath _path;
    private readonly SessionTable _table;
    private readonly Lock _tableLock;
    private readonly ISessionStore _store;
    private readonly Action<EndedSession> _onEnded;
    private readonly MasterMetrics _metrics;
    private readonly ILogger _logger;
    private readonly BootTime _time;
    private readonly LogBudgets _budgets = new();
    private readonly Thread _thread;

    /// <summary>What was taken and is not done yet; of the thread alone.</summary>
    private readonly List<TableOperation> _batch = [];

    /// <summary>What the path said of it last; asked from any thread.</summary>
    private volatile bool _isOver;

    /// <summary>How far watches were told that there is something; of the thread alone.</summary>
    private ulong _rungAt;

    /// <summary>What nobody expected, until all that it has interrupted is ended; of the thread alone.</summary>
    private Exception? _unexpected;

    /// <param name="table">Decides.</param>
    /// <param name="tableLock">Its lock.</param>
    /// <param name="store">Takes the changes.</param>
    /// <param name="standing">How the leadership stands.</param>
    /// <param name="onEnded">A session's end is durable.</param>
    /// <param name="metrics">Counts commits.</param>
    /// <param name="logger">Where failures go.</param>
    /// <param name="time">By which sessions expire.</param>
    internal CommitQueue(
        SessionTable table, Lock tableLock, ISessionStore store, IWriteStanding standing, Action<EndedSession> onEnded,
        MasterMetrics metrics, ILogger logger, BootTime time)
    {
        _operations = new OperationQueue(time);
        _path = new WritePath(table, standing);
        _table = table;
        _tableLock = tableLock;
        _store = store;
        _onEnded = onEnded;
        _metrics = metrics;
        _logger = logger;
        _time = time;
        _thread = OwnThread.New("sessions-commit", Round, LastCatch.To(logger));
        _thread.StartOrRefuse();
    }

    /// <inheritdoc cref="WritePath.IsOver"/>
    internal bool IsOver => _isOver || _store.IsLost;

    /// <inheritdoc cref="OperationQueue.Waiting"/>
    internal (int Operations, long Bytes) Waiting => _operations.Waiting;

    /// <summary>Rung when more is durable, and when the leadership is over.</summary>
    internal WatchBell Bell { get; } = new();

    /// <summary>The leadership is lost: what waits is refused.</summary>
    internal void EndLeadership()
    {
        // Seen at once, whichever thread has the table.
        _isOver = true;
        lock (_tableLock)
        {
            _path.End();
        }

        Bell.Ring();
    }

    /// <summary>Changes the table; done when the change is durable.</summary>
    /// <param name="decide">The change.</param>
    /// <param name="awaited">Cancelled when no caller waits for the change any more: a change that has not begun by then is not made.</param>
    /// <exception cref="SessionException">The table's refusal, Overloaded or Store*.</exception>
    internal Task<T> WriteAsync<T>(Func<SessionTable, T> decide, CancellationToken awaited = default) =>
        WriteAsync(decide, bytes: 0, awaited);

    /// <summary>As <see cref="WriteAsync{T}(Func{SessionTable, T}, CancellationToken)"/>, of a change that brings so many bytes.</summary>
    internal Task<T> WriteAsync<T>(Func<SessionTable, T> decide, long bytes, CancellationToken awaited) =>
        _operations.AddAsync(new TableOperation<T>(decide, isRead: false, awaited), bytes, isBounded: true, awaited);

    /// <summary>As <see cref="WriteAsync{T}(Func{SessionTable, T}, CancellationToken)"/>, for somebody who waits until the end.</summary>
    /// <param name="decide">The change.</param>
    /// <param name="isBounded">As in <see cref="WaitingOperations{T}.Add"/>.</param>
    internal Task<T> WriteAsync<T>(Func<SessionTable, T> decide, bool isBounded) =>
        _operations.AddAsync(new TableOperation<T>(decide, isRead: false, default), bytes: 0, isBounded, default);

    /// <summary>Looks at what is durable, behind what waits.</summary>
    internal Task<T> ReadAsync<T>(Func<SessionTable, T> decide, CancellationToken awaited = default) =>
        _operations.AddAsync(new TableOperation<T>(decide, isRead: true, awaited), bytes: 0, isBounded: true, awaited);

    /// <inheritdoc cref="WritePath.TryLook"/>
    internal bool TryLook<T>(Func<SessionTable, bool> isSettled, Func<SessionTable, T> look, out T? seen)
    {
        lock (_tableLock)
        {
            return _path.TryLook(_time.NowNs, isSettled, look, out seen);
        }
    }

    /// <summary>Finishes what waits and ends the thread.</summary>
    public void Dispose()
    {
        _operations.End();
        _thread.Join();
        // Every thread that still has this leadership in hand sees that it is over.
        EndLeadership();
    }

    private bool Round()
    {
        if (_unexpected == null)
        {
            if (_operations.IsCompleted)
            {
                return false;
            }

            Work();
        }

        if (_unexpected is { } unexpected)
        {
            // Where this throws as well, the next round does it: whoever waits for an answer waits for nothing else.
            EndAfter(unexpected);
            _unexpected = null;
        }

        _operations.Done();
        _batch.Clear();
        return true;
    }

    private void Work()
    {
        try
        {
            _operations.Take(_batch, _path.WaitMs);
            Write();
        }
        catch (Exception error)
        {
            // First of all, and without memory: nothing is acted on any more.
            _isOver = true;
            _unexpected = error;
            LastCatch.Tell(_logger, _thread.Name!, error);
        }
    }

    private void Write()
    {
        WriteStep step = Advance(nowNs => _path.Take(_batch, nowNs));
        while (step != WriteStep.Wait)
        {
            step = step switch
            {
                WriteStep.Look => Look(),
                WriteStep.Commit => Commit(),
                _ => Advance(_path.GoOn),
            };
        }
    }

    private WriteStep Look()
    {
        string? blindness = _store.Look();
        return Advance(nowNs => _path.Seen(blindness, nowNs));
    }

    private WriteStep Commit()
    {
        long beganNs = _time.NowNs;
        SessionException? failure = TryCommit();
        _metrics.NoteCommit(_time.NowNs - beganNs, isTaken: failure == null);
        return Advance(nowNs => failure == null ? _path.Committed(nowNs) : _path.CommitFailed(failure, nowNs));
    }

    private SessionException? TryCommit()
    {
        try
        {
            _store.Commit(_path.Changes, _path.Revision);
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

    private WriteStep Advance(Func<long, WriteStep> input)
    {
        WriteStep step;
        IReadOnlyList<WriteEffect> effects;
        ulong durable;
        lock (_tableLock)
        {
            long nowNs = _time.NowNs;
            _table.NoteTime(nowNs, WallClock.UnixMs);
            step = input(nowNs);
            effects = _path.TakeEffects();
            _isOver |= _path.IsOver;
            durable = _table.DurableRevision;
        }

        if (durable != _rungAt || _isOver)
        {
            _rungAt = durable;
            Bell.Ring();
        }

        if (CarryOutAll(effects) is { } unexpected)
        {
            ExceptionDispatchInfo.Throw(unexpected);
        }

        return step;
    }

    // An answer that fails keeps no operation behind it from its answer. What the first has thrown, or null.
    private Exception? CarryOutAll(IReadOnlyList<WriteEffect> effects)
    {
        Exception? first = null;
        foreach (WriteEffect effect in effects)
        {
            try
            {
                CarryOut(effect);
            }
            catch (Exception error)
            {
                first ??= error;
            }
        }

        return first;
    }

    private void CarryOut(WriteEffect effect)
    {
        switch (effect)
        {
            case WriteEffect.Answer answer:
                answer.Operation.Complete();
                break;
            case WriteEffect.Refuse refuse:
                refuse.Operation.Fail(refuse.Failure);
                break;
            case WriteEffect.Ended ended:
                _onEnded(ended.End);
                break;
            case WriteEffect.NoteFailure note:
                MasterLog.CommitFailed(_logger, _budgets, note.Operations, note.Failure.Status, note.Failure.Message);
                break;
            case WriteEffect.NoteStranger stranger:
                MasterLog.StoreWentBack(_logger, stranger.Key.SessionId, stranger.Key.Epoch);
                break;
            default:
                throw new ArgumentException($"nobody said how {effect} is carried out", nameof(effect));
        }
    }

    private void EndAfter(Exception unexpected)
    {
        IReadOnlyList<WriteEffect> effects;
        lock (_tableLock)
        {
            _path.Break(unexpected);
            effects = _path.TakeEffects();
        }

        Bell.Ring();

        // Whatever fails now as well, it is over already.
        _ = CarryOutAll(effects);
        // Those that the path had not taken yet, and those whose answers failed; any other keeps the answer that it has.
        SessionException refusal = new(
            SessionStatus.TimedOut, $"it is not known whether the store has the change: {unexpected.Message}", unexpected)
        {
            IsOutcomeUnknown = true,
        };
        _batch.ForEach(operation => operation.Fail(refusal));
        // The same may come again with the next batch, and there may be many.
        BootTime.Pause();
    }
}
