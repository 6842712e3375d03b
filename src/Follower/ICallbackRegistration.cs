using System;

namespace Interop.Sessions.Follower;

/// <summary>A callback that is called until it is removed, or its follower closed. Dispose removes it, however long a run takes.</summary>
public interface ICallbackRegistration : IDisposable
{
    /// <summary>
    /// Removes the callback and waits for a run in progress, for so many milliseconds at most, but not from inside the callback.
    /// </summary>
    /// <param name="timeoutMs">Timeout.Infinite: however long it takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Any other negative time: the callback stays.</exception>
    /// <exception cref="SessionException">TimedOut: the run goes on, and is the last. Another call waits on.</exception>
    void Remove(int timeoutMs);
}
