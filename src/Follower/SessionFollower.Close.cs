using System;
using System.Threading;

namespace Interop.Sessions.Follower;

/// <content>Close: the host stops first, and only then the master hears of it.</content>
public sealed partial class SessionFollower
{
    private readonly ManualResetEventSlim _closed = new();
    private bool _isClosing;

    /// <summary>
    /// Ends the follower: cancels calls in progress, refuses the data path, runs SessionLost(Closed), then tells the master. No
    /// callback runs after it returns.
    /// </summary>
    /// <exception cref="SessionException">InCallback: called from a callback of this follower.</exception>
    public void Close()
    {
        if (IsInCallback)
        {
            throw new SessionException(
                SessionStatus.InCallback, "Close waits for callbacks; in one, use the asynchronous form");
        }

        BeginClose(null);
        _closed.Wait();
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

    /// <summary>As <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    /// <summary>Starts the close: when it returns, the data path refuses. False if it was started before.</summary>
    internal bool BeginClose(Action? closed)
    {
        CreateOperation? creating;
        SessionKey? held;
        lock (_gate)
        {
            if (_isClosing)
            {
                return false;
            }

            _isClosing = true;
            creating = _creating;
            held = EndLease();
        }

        creating?.Cancel();

        // A thread of its own: it waits for the host's callbacks and for the master.
        new Thread(() => RunClose(creating, held, closed)) { IsBackground = true, Name = "sessions-close" }.Start();
        return true;
    }

    private void RunClose(CreateOperation? creating, SessionKey? held, Action? closed)
    {
        _closing.Cancel();
        creating?.Completed.Wait();
        WaitForForwards();

        // One that the master granted at that very moment.
        held ??= EndLease();
        WaitForCallbacks();
        if (held is { } key)
        {
            _manager.Client.CloseSessionAsync(key).GetAwaiter().GetResult();
        }

        EndLoop();
        _word.Dispose();
        _manager.Forget(this);
        if (closed != null)
        {
            _callbackThread.Post(closed);
        }

        // The manager waits for this last callback too.
        _callbackThread.End();
        _callbackThread.Join();
        _manager.NoteEnd(this);
        _closed.Set();
    }

    /// <summary>The session that the master must be told of, if it was held.</summary>
    private SessionKey? EndLease()
    {
        lock (_gate)
        {
            if (_lease is not { State: not SessionState.Lost })
            {
                return null;
            }

            _lease.End(SessionEndReason.Closed);
            PublishMoves();
            return _lease.Key;
        }
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
