using System.Collections.Generic;

namespace Interop.Sessions.Follower;

/// <summary>
/// Callbacks that wait for the host's one thread, in order. Changes of state come as long as the network pleases, also while a callback
/// hangs: so beyond some that wait, the latest one takes the place of the one before. The host hears the first of them, and always
/// the last.
/// </summary>
public sealed class CallbackOrder
{
    private readonly Queue<LifeCallback> _waiting = new();
    private LifeCallback? _latestState;
    private int _states;

    /// <summary>Nothing waits or runs.</summary>
    public bool IsIdle => _waiting.Count == 0 && Running == null;

    /// <summary>Which runs; null: none.</summary>
    public LifeCallback? Running { get; private set; }

    /// <summary>One more callback waits. Later changes of state are told after it.</summary>
    public void Add(LifeCallback callback)
    {
        _latestState = null;
        _waiting.Enqueue(callback);
    }

    /// <summary>The state has changed. False: it is told in the place of a change that waits.</summary>
    public bool AddState(SessionInfo info)
    {
        if (_states >= Limits.MaxWaitingStateChanges && _latestState is { } latest)
        {
            latest.Info = info;
            return false;
        }

        _states++;
        _latestState = new LifeCallback(LifeCallbackKind.State, info);
        _waiting.Enqueue(_latestState);
        return true;
    }

    /// <summary>The next one runs; null: none waits, or one runs still.</summary>
    public LifeCallback? Take()
    {
        if (Running != null || !_waiting.TryDequeue(out LifeCallback? next))
        {
            return null;
        }

        if (next.Kind == LifeCallbackKind.State)
        {
            _states--;
            _latestState = _latestState == next ? null : _latestState;
        }

        return Running = next;
    }

    /// <summary>The one that runs has returned.</summary>
    /// <param name="follow">What runs at once in its place, before all that waits; null: it is the next one's turn.</param>
    public void Returned(LifeCallback? follow) => Running = follow;
}
