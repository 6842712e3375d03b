using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// Counts the calls that are being answered, so that a stopping master can wait for their end. Kestrel's own wait is no
/// use for it: a connection whose stream ends just after the wait began lingers until the wait is given up.
/// </summary>
/// <param name="time">By which it waits.</param>
internal sealed class CallsInProgress(BootTime time)
{
    private readonly object _gate = new();
    private int _count;
    private bool _isEnding;

    /// <summary>False: no more calls are taken.</summary>
    internal bool TryBegin()
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                return false;
            }

            _count++;
            return true;
        }
    }

    internal void End()
    {
        lock (_gate)
        {
            _count--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes no more calls; returns when none is left, or at the time-out.</summary>
    internal void AwaitEnd(int timeoutMs)
    {
        long endNs = time.NowNs + Ns.FromMs(timeoutMs);
        lock (_gate)
        {
            _isEnding = true;
            while (_count > 0)
            {
                long remainingMs = Ns.ToMs(endNs - time.NowNs);
                if (remainingMs <= 0)
                {
                    return;
                }

                time.Wait(_gate, (int)remainingMs);
            }
        }
    }
}
