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
    public ICallbackRegistration RegisterSessionCreateCb(Action<SessionInfo> callback) => RegisterSessionCreateCb(callback, () => { });

    /// <summary>The same.</summary>
    /// <param name="callback">What is called.</param>
    /// <param name="released">Called once, when the callback is no longer called: after a removal, or the follower's close.</param>
    public ICallbackRegistration RegisterSessionCreateCb(Action<SessionInfo> callback, Action released)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentNullException.ThrowIfNull(released);
        Registered registered = new(this, callback, released);
        lock (_gate)
        {
            _life.RequireOpen();
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

    // On the callback thread, behind all that runs there: none of these callbacks is called any more.
    private void ReleaseRegistered() => _callbackThread.Post(() =>
    {
        Registered[] left;
        lock (_gate)
        {
            left = [.. _registered];
        }

        foreach (Registered registered in left)
        {
            RunGuarded(registered.Dispose);
        }
    });

    private sealed class Registered(SessionFollower follower, Action<SessionInfo> callback, Action released) : ICallbackRegistration
    {
        private readonly Lock _running = new();
        private volatile bool _isRemoved;
        private int _isReleased;

        public void Dispose() => Remove(Timeout.Infinite);

        public void Remove(int timeoutMs)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(timeoutMs, Timeout.Infinite);
            _isRemoved = true;
            lock (follower._gate)
            {
                follower._registered.Remove(this);
            }

            if (_running.IsHeldByCurrentThread)
            {
                return;
            }

            if (!_running.TryEnter(timeoutMs))
            {
                throw new SessionException(
                    SessionStatus.TimedOut, $"the callback has not returned after {timeoutMs} ms; it will not be called again")
                {
                    IsOutcomeUnknown = true,
                };
            }

            // No thread runs the callback, and none will.
            _running.Exit();
            Release();
        }

        private void Release()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                released();
            }
        }

        internal void Run(SessionInfo session)
        {
            try
            {
                lock (_running)
                {
                    if (!_isRemoved)
                    {
                        callback(session);
                    }
                }
            }
            finally
            {
                if (_isRemoved)
                {
                    // From within itself, or by one that waited no longer: it could not be released there, also if it throws here.
                    Release();
                }
            }
        }
    }
}
