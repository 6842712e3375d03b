using System;
using System.Collections.Concurrent;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Threads;

/// <summary>
/// The one thread on which a follower's host hears of it, in order. It is no pool thread: a host that blocks in a callback
/// takes nothing away that renewals or the transport need.
/// </summary>
/// <remarks>
/// What waits for a callback that hangs is bounded by those who post: the completions of <see cref="Limits.MaxForwardsInProgress"/>
/// calls and of one create, the <see cref="StateNews"/>, and what a session and a close tell once each.
/// </remarks>
internal sealed class CallbackThread
{
    private readonly BlockingCollection<Action> _queue = [];
    private readonly Thread _thread;
    private readonly Action<Exception> _onError;

    internal CallbackThread(string name, Action<Exception> onError)
    {
        _onError = onError;
        _thread = OwnThread.New(name, Run, Limits.CallbackStackBytes);
        _thread.StartOrRefuse();
    }

    /// <summary>Is the caller on it, that is, inside a callback?</summary>
    internal bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Runs an action after all that were posted before; after the end, never.</summary>
    internal void Post(Action action)
    {
        try
        {
            _queue.Add(action);
        }
        catch (InvalidOperationException)
        {
            // Ended: the host was promised silence.
        }
    }

    /// <summary>Ends it after what was posted; does not wait.</summary>
    internal void End() => _queue.CompleteAdding();

    /// <summary>Waits for the end.</summary>
    internal void Join() => _thread.Join();

    private void Run()
    {
        foreach (Action action in _queue.GetConsumingEnumerable())
        {
            try
            {
                action();
            }
            catch (Exception error)
            {
                // A callback of a .NET host threw; the next one must still run.
                _onError(error);
            }
        }

        _queue.Dispose();
    }
}
