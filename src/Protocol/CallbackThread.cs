using System;
using System.Threading;

namespace Interop.Sessions.Protocol;

/// <summary>
/// The one thread on which a host hears of one object, in order. It is no pool thread: a host that blocks in a callback
/// takes nothing away that renewals or the transport need.
/// </summary>
/// <remarks>
/// The senders bound what waits for a callback that hangs: the completions of <see cref="Limits.MaxForwardsInProgress"/> calls
/// and of one create, the news of a follower's states, and what a session and a close tell once each.
/// </remarks>
public sealed class CallbackThread
{
    private readonly Inbox<Action> _queue = new();
    private readonly Thread _thread;
    private readonly Action<Exception> _onError;

    /// <param name="name">What operators see.</param>
    /// <param name="onError">Told what a callback of a .NET host throws.</param>
    /// <param name="unexpected">Told what else is thrown, by <paramref name="onError"/> too.</param>
    /// <exception cref="SessionException">OutOfResources.</exception>
    public CallbackThread(string name, Action<Exception> onError, Action<Exception> unexpected)
    {
        _onError = onError;
        _thread = OwnThread.New(name, Round, unexpected, Limits.CallbackStackBytes);
        _thread.StartOrRefuse();
    }

    /// <summary>Is the caller on it, that is, inside a callback?</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>What was posted and has not begun.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Runs an action after all that were posted before; after the end, never: the host was promised silence.</summary>
    public void Post(Action action) => _queue.Add(action);

    /// <summary>Ends it after what was posted; does not wait. Several may, also when it has ended.</summary>
    public void End() => _queue.End();

    /// <summary>Waits for the end, for so many milliseconds at most; false: a callback runs still.</summary>
    public bool Join(int timeoutMs = Timeout.Infinite) => _thread.Join(timeoutMs);

    private bool Round()
    {
        if (_queue.Take() is not { } action)
        {
            return false;
        }

        try
        {
            action();
        }
        catch (Exception error)
        {
            // A callback of a .NET host threw; the next one must still run.
            _onError(error);
        }

        return true;
    }
}
