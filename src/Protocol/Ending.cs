using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Protocol;

/// <summary>
/// The end of an object: begun once, by the caller that asks first, and waited for by any number of callers, each for as long
/// as it wants. The end has a thread of its own, so that a callback of the host that hangs keeps no caller longer than that
/// caller has said.
/// </summary>
/// <param name="threadName">What operators see.</param>
/// <param name="end">Ends it.</param>
public sealed class Ending(string threadName, Action end)
{
    private readonly TaskCompletionSource<bool> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isBegun;

    /// <summary>Begins the end, if no caller has, and waits until it is over.</summary>
    /// <param name="timeoutMs">For so long at most; <see cref="Timeout.Infinite"/>: however long it takes.</param>
    /// <returns>False: it goes on.</returns>
    /// <exception cref="SessionException">What the end itself threw.</exception>
    public bool Wait(int timeoutMs)
    {
        Task over = Begin();
        if (Task.WaitAny([over], timeoutMs) < 0)
        {
            return false;
        }

        over.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>Begins the end, if no caller has; for those who wait without a thread.</summary>
    /// <returns>Ends with it, and fails as it failed.</returns>
    public Task Begin()
    {
        if (Interlocked.Exchange(ref _isBegun, 1) != 0)
        {
            return _over.Task;
        }

        try
        {
            OwnThread.New(threadName, Run).StartOrRefuse();
        }
        catch (Exception error) when (error is SessionException or OutOfMemoryException)
        {
            // Without a thread the caller's: an end that does not come is worse than one that takes longer than he wants.
            Run();
        }

        return _over.Task;
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            end();
        }
        catch (Exception error)
        {
            failure = error;
        }

        // Whoever waits for the end waits for nothing else.
        _over.EndAtLast(true, failure);
    }
}
