using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master;

/// <summary>How a thread of the host waits for a call that it makes at the master itself: a disk that hangs must not hang it too.</summary>
internal static class HostCall
{
    /// <summary>
    /// Waits, for so long at most. What still waits for the store then is not done any more; what is being committed may be.
    /// </summary>
    /// <exception cref="SessionException">TimedOut, or as the call fails.</exception>
    internal static T Wait<T>(Func<CancellationToken, Task<T>> call, uint timeoutMs = Limits.DefaultCallTimeoutMs)
    {
        using CancellationTokenSource gone = new();
        Task<T> answer = call(gone.Token);
        // The other thread may be one that a host's hooks hold up, so nothing but this wait ends it.
        if (Task.WaitAny([answer], (int)timeoutMs) < 0)
        {
            gone.Cancel();
            throw new SessionException(
                SessionStatus.TimedOut, $"the master's store has not answered for {timeoutMs} ms; what was asked may still be done")
            {
                IsOutcomeUnknown = true,
            };
        }

        return answer.GetAwaiter().GetResult();
    }
}
