using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Follower;

/// <content>Close: the host stops first, and only then the master hears of it.</content>
public sealed partial class SessionFollower
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosing;

    /// <summary>What the close found, for the loop's thread: the session to give back, a create in progress, the last callback.</summary>
    private (SessionKey? Held, CreateOperation? Creating, Action? Closed) _left;

    /// <summary>
    /// Ends the follower: cancels calls in progress, refuses the data path, runs SessionLost(Closed), then tells the master. When the
    /// task ends, no callback runs any more. It may be called again, and inside a callback, which must not wait for the task.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting only: the close goes on.</param>
    public Task CloseAsync(CancellationToken cancellationToken = default)
    {
        TryBeginClose(null);
        return _closed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>As <see cref="CloseAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(CloseAsync());

    /// <summary>The same, and waits; inside a callback, which the close itself waits for, it does not.</summary>
    public void Dispose()
    {
        Task closed = CloseAsync();
        if (!IsInCallback)
        {
            closed.GetAwaiter().GetResult();
        }
    }

    /// <summary>The same for who wants to hear of its end as the very last callback.</summary>
    /// <exception cref="SessionException">Cancelled: it is being closed already, so another callback is the last.</exception>
    internal void BeginClose(Action closed)
    {
        if (!TryBeginClose(closed))
        {
            throw new SessionException(SessionStatus.Cancelled, $"follower '{Identity}' is being closed already");
        }
    }

    /// <summary>Starts the close: when it returns, the data path refuses. False if it was started before.</summary>
    private bool TryBeginClose(Action? closed)
    {
        CreateOperation? creating;
        lock (_gate)
        {
            if (_isClosing)
            {
                return false;
            }

            _isClosing = true;
            creating = _creating;
            _left = (EndLease(), creating, closed);
            EndWaitsForLease();
            Monitor.PulseAll(_gate);
        }

        creating?.Cancel();
        return true;
    }

    // On the loop's thread: it waits for the host's callbacks and for the master.
    private void RunClose()
    {
        Step(CancelCalls);
        Step(() => _left.Creating?.Completed.Wait());
        Step(WaitForCompletions);
        Step(WaitForCallbacks);
        Step(TellMaster);
        Step(_word.Dispose);
        Step(() => _manager.Forget(this));
        if (_left.Closed is { } closed)
        {
            Step(() => _callbackThread.Post(closed));
        }

        Step(ReleaseRegistered);
        Step(() => _callbackThread.Post(_callbacks.Released));
        // The manager waits for this last callback too.
        Step(_callbackThread.End);
        Step(() => _callbackThread.Join());
        Step(() => _manager.NoteEnd(this));
        _closed.SetResult();
    }

    // What waits for the calls may be code of the host: it goes on elsewhere.
    private void CancelCalls() => _ = _closing.CancelAsync();

    // Whatever one of them throws, somebody waits for the last.
    private void Step(Action step)
    {
        try
        {
            step();
        }
        catch (Exception error)
        {
            FollowerLog.Unexpected(_manager.Logger, _loop.Name!, Identity, error);
        }
    }

    private void TellMaster()
    {
        if (_left.Held is { } key)
        {
            _manager.Client.CloseSessionAsync(key, _effectsOverNs).GetAwaiter().GetResult();
        }
    }

    /// <summary>The session that the master must be told of, if it was held; in the gate.</summary>
    private SessionKey? EndLease()
    {
        if (_lease is not { State: not SessionState.Lost })
        {
            return null;
        }

        _lease.End(SessionEndReason.Closed);
        PublishMoves();
        return _lease.Key;
    }

    private void WaitForCallbacks()
    {
        using ManualResetEventSlim reached = new();
        _callbackThread.Post(reached.Set);
        reached.Wait();
    }

    private void RequireOpen()
    {
        if (_isClosing)
        {
            throw Closed();
        }
    }
}
