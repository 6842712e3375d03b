using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Store;

/// <summary>
/// When a tenure's store was last seen as this master left it. One thread looks, so that a disk that hangs hangs no other
/// thread; a thread that acts asks here whether the looking thread has looked of late.
/// </summary>
/// <remarks>
/// A look that stalls is no evidence that the store is lost, so it stops no thread, except in a process that stood still: its
/// store may have been given on meanwhile. A beat that does not depend on the disk tells the one case from the other.
/// </remarks>
/// <param name="store">What is looked at.</param>
/// <param name="time">By which looks are due.</param>
internal sealed class StoreLooks(ISessionStore store, BootTime time)
{
    private const long Never = long.MinValue / 2;

    private readonly object _gate = new();

    /// <summary>When the last look that saw something began.</summary>
    private long _seenNs = Never;

    /// <summary>A look that began before this is not enough.</summary>
    private long _owedNs = Never;
    private long _beatNs = time.NowNs;

    /// <summary>The look that goes on was waited for, and is no longer.</summary>
    private bool _isStalled;

    /// <summary>Why the last look saw nothing; null: it saw.</summary>
    internal string? Blindness { get; private set; }

    /// <summary>Looks, on the thread of the leadership, every <see cref="Limits.LookMs"/>.</summary>
    internal void Look()
    {
        long beganNs = time.NowNs;
        Beat(beganNs);
        string? blindness = store.Look();
        lock (_gate)
        {
            Blindness = blindness;
            _isStalled = false;
            _seenNs = blindness == null ? beganNs : _seenNs;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>This process does not stand still; told every <see cref="Limits.BeatMs"/>, whatever its disks do.</summary>
    internal void Beat(long nowNs)
    {
        lock (_gate)
        {
            if (nowNs - _beatNs > Ns.FromMs(Limits.StoodStillMs))
            {
                _owedNs = nowNs;
            }

            _beatNs = nowNs > _beatNs ? nowNs : _beatNs;
        }
    }

    /// <summary>May this master act on what came at a time, as far as looks say? Waits for one that is due, but not for long.</summary>
    internal bool MayAct(long nowNs)
    {
        lock (_gate)
        {
            Beat(nowNs);
            while (Blindness == null && !IsFresh(nowNs) && (IsOwed || !_isStalled))
            {
                long untilNs = nowNs + Ns.FromMs(IsOwed ? Limits.OwedLookMs : Limits.StalledLookMs);
                long leftMs = Ns.ToMsUp(untilNs - time.NowNs);
                if (leftMs <= 0)
                {
                    _isStalled = true;
                    break;
                }

                time.Wait(_gate, (int)leftMs);
            }

            return Blindness == null && !IsOwed;
        }
    }

    private bool IsOwed => _seenNs < _owedNs;

    private bool IsFresh(long nowNs) => !IsOwed && nowNs - _seenNs < Ns.FromMs(Limits.LeadershipPollMs);
}
