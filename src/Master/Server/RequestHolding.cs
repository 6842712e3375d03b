using System;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// The bytes of a request that has one message, from when they come until the call is over. A client that sends them too slowly is cut
/// off: it would keep the place of its call from others for as long as it likes.
/// </summary>
/// <param name="budget">What all requests share.</param>
/// <param name="share">What those of its connection do.</param>
/// <param name="cutOff">Ends the request.</param>
/// <param name="time">By which it is slow.</param>
internal sealed class RequestHolding(SharedBudget budget, ByteBudget share, Action cutOff, BootTime time) : IDisposable
{
    private readonly Lock _lock = new();
    private long _held;
    private long _sinceNs;
    private ITimer? _patience;
    private bool _isOver;

    /// <summary>So many bytes of it are here.</summary>
    /// <returns>Null, or why there may be no more.</returns>
    internal SessionException? Hold(long bytes)
    {
        lock (_lock)
        {
            if (bytes <= _held || _isOver)
            {
                return null;
            }

            SessionException? full = budget.Take(share, bytes - _held, _held);
            _held = full == null ? bytes : _held;
            return full;
        }
    }

    /// <summary>It is waited for what has not come yet.</summary>
    internal void Await()
    {
        lock (_lock)
        {
            if (_patience == null && !_isOver)
            {
                _sinceNs = time.NowNs;
                _patience = time.CreateTimer(_ => Look(), null, TimeSpan.FromMilliseconds(Limits.RequestPatienceMs), Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>All of it is here.</summary>
    internal void HasCome()
    {
        lock (_lock)
        {
            _patience?.Dispose();
        }
    }

    /// <summary>The call is over.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isOver = true;
                _patience?.Dispose();
                budget.Return(share, _held);
            }
        }
    }

    // In the lock: the server uses the objects of a request again for the next.
    private void Look()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            long leftMs = Limits.RequestPatienceMs + (_held / Limits.LeastRequestBytesPerMs) - Ns.ToMs(time.NowNs - _sinceNs);
            if (leftMs > 0)
            {
                _patience!.Change(TimeSpan.FromMilliseconds(leftMs), Timeout.InfiniteTimeSpan);
            }
            else
            {
                cutOff();
            }
        }
    }
}
