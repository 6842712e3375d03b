using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Verbs;

/// <summary>How a host waits for a call that it makes at the master itself: a disk that hangs must not hang the host too.</summary>
internal static class HostCall
{
    /// <summary>
    /// Waits, for so long at most. A change that still waits for the store then is no longer made; one that is being committed may be.
    /// </summary>
    /// <param name="call">The call; its token is cancelled when the host waits no more.</param>
    /// <param name="timeoutMs">For how long at most.</param>
    /// <param name="time">By which that passes.</param>
    /// <param name="cancellation">The host's own.</param>
    /// <exception cref="SessionException">TimedOut, or as the call fails.</exception>
    /// <exception cref="OperationCanceledException">By the caller; its inner exception says whether it may be done.</exception>
    internal static async Task<T> WaitAsync<T>(
        Func<CancellationToken, Task<T>> call, uint timeoutMs, TimeProvider time, CancellationToken cancellation)
    {
        RequireTimeout(timeoutMs);
        if (cancellation.IsCancellationRequested)
        {
            throw Cancelled("the call was cancelled before it began", mayBeDone: false);
        }

        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await call(gone.Token).WaitAsync(TimeSpan.FromMilliseconds(timeoutMs), time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await gone.CancelAsync().ConfigureAwait(false);
            throw Late(timeoutMs);
        }
        catch (OperationCanceledException)
        {
            throw Cancelled("the call was cancelled; what was asked may still be done", mayBeDone: true);
        }

        OperationCanceledException Cancelled(string message, bool mayBeDone) => new(
            message, new SessionException(SessionStatus.Cancelled, message) { IsOutcomeUnknown = mayBeDone }, cancellation);
    }

    // What is more would be a time before now, or no end at all.
    private static void RequireTimeout(uint timeoutMs)
    {
        if (timeoutMs is 0 or > Limits.MaxTimeoutMs)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"timeout_ms is {timeoutMs}; it must be 1 to {Limits.MaxTimeoutMs}");
        }
    }

    private static SessionException Late(uint timeoutMs) => new(
        SessionStatus.TimedOut, $"the master's store has not answered for {timeoutMs} ms; what was asked may still be done")
    {
        IsOutcomeUnknown = true,
    };
}
