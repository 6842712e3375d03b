using System;
using System.Threading;
using Interop.Sessions.Master;

namespace Interop.Sessions.Protocol;

/// <summary>Gives memory back after a burst; for a runtime that is this product's alone.</summary>
public sealed class MemoryKeeper : IDisposable
{
    private readonly MemoryTrim _trim;
    private readonly Func<int> _sessions;
    private readonly Timer _look;

    /// <summary>Begins to look.</summary>
    /// <param name="longestPauseMs">For how long everything may stop.</param>
    /// <param name="sessions">How many are in memory.</param>
    public MemoryKeeper(uint longestPauseMs, Func<int> sessions)
    {
        _trim = new MemoryTrim(longestPauseMs);
        _sessions = sessions;
        _look = new Timer(_ => Look(), null, Limits.MemoryLookMs, Limits.MemoryLookMs);
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _look.Dispose();

    private void Look()
    {
        lock (_trim)
        {
            long before = Environment.WorkingSet;
            if (_trim.IsDue(GC.GetTotalAllocatedBytes(), before, _sessions(), BootClock.NowNs))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                _trim.Trimmed(before, Environment.WorkingSet);
            }
        }
    }
}
