using System;
using System.Threading;

namespace Interop.Sessions.Follower;

/// <content>Close: the host stops first, and only then the master hears of it.</content>
public sealed partial class SessionFollower
{
    private readonly ManualResetEventSlim _closed = new();
    private bool _isClosing;

    /// <summary>What the close found, for the loop's thread: the session to give back, a create in progress, the last callback.</summary>
    private (SessionKey? Held, CreateOperation? Creating, Action? Closed) _left;

    /// <summary>
    /// Ends the follower: cancels calls in progress, refuses the data path, runs SessionLost(Closed), then tells the master. No
    /// callback runs after it returns.
    /// </summary>
    /// <exception cref="SessionException">InCallback: called from a callback of this follower.</exception>
    public void Close() => Close(Timeout.Infinite);

    /// <summary>As <see cref="Close()"/>, waiting for so many milliseconds at most.</summary>
    /// <exception cref="SessionException">InCallback; TimedOut: the data path refuses, and the close goes on. Another call waits on.</exception>
    public void Close(int timeoutMs)
    {
        if (IsInCallback)
        {
            throw new SessionException(
                SessionStatus.InCallback, "Close waits for callbacks; in one, use the asynchronous form");
        }

        BeginClose(null);
        if (!_closed.Wait(timeoutMs))
        {
            throw new SessionException(
                SessionStatus.TimedOut, $"follower '{Identity}' is not closed after {timeoutMs} ms; the close goes on");
        }
    }

    /// <summary>The same without blocking, allowed from inside callbacks.</summary>
    /// <param name="closed">The very last callback, on the callback thread.</param>
    public void CloseAsync(Action closed)
    {
        ArgumentNullException.ThrowIfNull(closed);
        if (!BeginClose(closed))
        {
            throw new SessionException(SessionStatus.Cancelled, $"follower '{Identity}' is being closed already");
        }
    }

    /// <summary>As <see cref="Close()"/>.</summary>
    public void Dispose() => Close();

    /// <summary>Starts the close: when it returns, the data path refuses. False if it was started before.</summary>
    internal bool BeginClose(Action? closed)
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
            Monitor.PulseAll(_gate);
        }

        creating?.Cancel();
        return true;
    }

    // On the loop's thread: it waits for the host's callbacks and for the master.
    private void RunClose()
    {
        Step(_closing.Cancel);
        Step(() => _left.Creating?.Completed.Wait());
        Step(WaitForForwards);
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
        _closed.Set();
    }

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
            throw new SessionException(SessionStatus.Cancelled, $"follower '{Identity}' is closed");
        }
    }
}
