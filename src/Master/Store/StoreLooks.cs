using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Store;

/// <summary>
/// Looks at a tenure's store. One thread looks, so that a disk that hangs hangs no other thread; a thread that acts asks here whether the
/// looking thread has looked of late. What a look lets a master do <see cref="LookBook"/> says.
/// </summary>
/// <param name="store">What is looked at.</param>
/// <param name="time">By which looks are due.</param>
internal sealed class StoreLooks(ISessionStore store, BootTime time)
{
    private readonly object _gate = new();
    private readonly LookBook _looks = new(time.NowNs);

    /// <inheritdoc cref="LookBook.Blindness"/>
    internal string? Blindness
    {
        get
        {
            lock (_gate)
            {
                return _looks.Blindness;
            }
        }
    }

    /// <summary>Looks, on the thread of the leadership, every <see cref="Limits.LookMs"/>.</summary>
    internal void Look()
    {
        long beganNs = time.NowNs;
        Beat(beganNs);
        string? blindness = store.Look();
        lock (_gate)
        {
            _looks.Looked(beganNs, blindness);
            Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc cref="LookBook.Beats"/>
    internal void Beat(long nowNs)
    {
        lock (_gate)
        {
            _looks.Beats(nowNs);
        }
    }

    /// <summary>May this master act on what came at a time, as far as looks say? Waits for one that is due, but not for long.</summary>
    internal bool MayAct(long nowNs)
    {
        lock (_gate)
        {
            _looks.Beats(nowNs);
            while (_looks.AwaitedUntilNs(nowNs) is { } untilNs)
            {
                long leftMs = Ns.ToMsUp(untilNs - time.NowNs);
                if (leftMs <= 0)
                {
                    _looks.Stalls();
                    break;
                }

                time.Wait(_gate, (int)leftMs);
            }

            return _looks.MayAct;
        }
    }
}
