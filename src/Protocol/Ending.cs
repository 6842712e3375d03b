using System;
using System.Runtime.ExceptionServices;
using System.Threading;

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
    private readonly object _gate = new();
    private ExceptionDispatchInfo? _failure;
    private bool _isBegun;
    private bool _isOver;

    /// <summary>Begins the end, if no caller has, and waits until it is over.</summary>
    /// <param name="timeoutMs">For so long at most; <see cref="Timeout.Infinite"/>: however long it takes.</param>
    /// <returns>False: it goes on.</returns>
    /// <exception cref="SessionException">What the end itself threw.</exception>
    public bool Wait(int timeoutMs)
    {
        Deadline deadline = Deadline.In(timeoutMs);
        Begin();
        lock (_gate)
        {
            if (!deadline.WaitFor(_gate, () => _isOver))
            {
                return false;
            }
        }

        _failure?.Throw();
        return true;
    }

    private void Begin()
    {
        lock (_gate)
        {
            if (_isBegun)
            {
                return;
            }

            _isBegun = true;
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
    }

    private void Run()
    {
        try
        {
            end();
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }

        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }
    }
}
