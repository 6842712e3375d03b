using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Verbs;

/// <summary>How a thread of the host waits for a call that it makes at the master itself: a disk that hangs must not hang it too.</summary>
internal static class HostCall
{
    /// <summary>
    /// Waits, for so long at most. A change that still waits for the store then is no longer made; one that is being committed may be.
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
            throw Late(timeoutMs);
        }

        return answer.GetAwaiter().GetResult();
    }

    /// <summary>The same without a thread that waits.</summary>
    /// <exception cref="SessionException">TimedOut, Cancelled, or as the call fails.</exception>
    internal static async Task<T> WaitAsync<T>(
        Func<CancellationToken, Task<T>> call, uint timeoutMs, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            throw new SessionException(SessionStatus.Cancelled, "the call was cancelled before it began");
        }

        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await call(gone.Token).WaitAsync(TimeSpan.FromMilliseconds(timeoutMs), cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await gone.CancelAsync().ConfigureAwait(false);
            throw Late(timeoutMs);
        }
        catch (OperationCanceledException)
        {
            throw new SessionException(SessionStatus.Cancelled, "the call was cancelled; what was asked may still be done")
            {
                IsOutcomeUnknown = true,
            };
        }
    }

    private static SessionException Late(uint timeoutMs) => new(
        SessionStatus.TimedOut, $"the master's store has not answered for {timeoutMs} ms; what was asked may still be done")
    {
        IsOutcomeUnknown = true,
    };
}
