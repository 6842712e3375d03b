using System.Diagnostics;
using System.Threading;

namespace Interop.Sessions.Lease;

/// <summary>
/// D_lead: until when an elected master may act. D_lead obeys the rule of a session's holder: counted from before the lease was
/// asked for, and shortened by what two clocks may differ, so that no other master leads before this one has stopped.
/// </summary>
/// <remarks>One thread prolongs it; any may ask.</remarks>
public sealed class LeadershipLease(uint rateBoundPpm)
{
    private long _deadlineNs = long.MinValue;
    private int _interruptions;

    /// <summary>When it must stop.</summary>
    public long DeadlineNs => Volatile.Read(ref _deadlineNs);

    /// <summary>How often the lease had run out before it was prolonged: no session could be renewed in between.</summary>
    public int Interruptions => Volatile.Read(ref _interruptions);

    /// <summary>May it act on what it received at a time?</summary>
    public bool MayAct(long nowNs) => nowNs < DeadlineNs;

    /// <summary>A lease was granted. The deadline never moves back.</summary>
    /// <param name="sentNs">The clock before the request was sent.</param>
    /// <param name="termMs">The granted term.</param>
    /// <param name="nowNs">The clock now.</param>
    public void Prolong(long sentNs, uint termMs, long nowNs)
    {
        Debug.Assert(sentNs <= nowNs, "it was asked for later than it is granted");
        long deadlineNs = LeaseArithmetic.HolderDeadlineNs(sentNs, termMs, rateBoundPpm, effectDelayMs: 0);
        if (deadlineNs <= DeadlineNs)
        {
            return;
        }

        // The interruption is counted before the master may act again: a thread that sees that it may act sees the interruption too.
        if (!MayAct(nowNs))
        {
            Interlocked.Increment(ref _interruptions);
        }

        Volatile.Write(ref _deadlineNs, deadlineNs);
    }

    /// <summary>The master no longer acts: it resigned, or another leads.</summary>
    public void End() => Volatile.Write(ref _deadlineNs, long.MinValue);
}
