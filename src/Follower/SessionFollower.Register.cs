using System;
using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.Follower;

/// <content>RegisterSessionCreateCb: step 6 of a create.</content>
public sealed partial class SessionFollower
{
    private readonly List<Registered> _registered = [];

    /// <summary>Adds a callback behind those registered before; it sees sessions created from now on.</summary>
    /// <returns>
    /// Dispose removes it and waits for a run in progress, but not from inside a callback of this follower.
    /// </returns>
    /// <exception cref="SessionException">TooManyObjects, or Cancelled: the follower is closed.</exception>
    public IDisposable RegisterSessionCreateCb(Action<SessionInfo> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Registered registered = new(this, callback);
        lock (_gate)
        {
            RequireOpen();
            if (_registered.Count >= Limits.MaxSessionCreateCallbacks)
            {
                throw new SessionException(
                    SessionStatus.TooManyObjects,
                    $"follower '{Identity}' has {Limits.MaxSessionCreateCallbacks} callbacks, which is the limit");
            }

            _registered.Add(registered);
        }

        return registered;
    }

    private void RunSessionCreateCallbacks(SessionInfo session)
    {
        Registered[] inOrder;
        lock (_gate)
        {
            inOrder = [.. _registered];
        }

        using IDisposable? scope = ScopeOf(session);
        foreach (Registered registered in inOrder)
        {
            RunGuarded(() => registered.Run(session));
        }
    }

    private sealed class Registered(SessionFollower follower, Action<SessionInfo> callback) : IDisposable
    {
        private readonly Lock _running = new();
        private volatile bool _isRemoved;

        public void Dispose()
        {
            _isRemoved = true;
            lock (follower._gate)
            {
                follower._registered.Remove(this);
            }

            if (!follower.IsInCallback)
            {
                _running.Enter();
                _running.Exit();
            }
        }

        internal void Run(SessionInfo session)
        {
            lock (_running)
            {
                if (!_isRemoved)
                {
                    callback(session);
                }
            }
        }
    }
}
