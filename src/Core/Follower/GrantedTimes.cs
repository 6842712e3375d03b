using System;

namespace Interop.Sessions.Follower;

/// <summary>Bounds on the times that a master names: whatever it says, a holder renews in time, and does not storm it.</summary>
public static class GrantedTimes
{
    /// <summary>T: never longer than any master may grant. A shorter lease is always safe.</summary>
    public static uint TermMs(uint termMs) => Math.Min(termMs, Limits.MaxTermMs);

    /// <summary>Renewals go out so often that a lost one makes no session suspect, and not more often than a master can want.</summary>
    public static uint IntervalMs(uint intervalMs, uint termMs)
    {
        uint longestMs = Math.Max(1, termMs / Limits.MinRenewalsPerTerm);
        uint shortestMs = Math.Max(termMs / Limits.MaxRenewalsPerTerm, Limits.MinRenewalIntervalMs);
        return Math.Clamp(intervalMs, Math.Min(shortestMs, longestMs), longestMs);
    }

    /// <summary>The first renewal comes within the first interval.</summary>
    public static uint PhaseMs(uint phaseMs, uint intervalMs) => Math.Min(phaseMs, intervalMs);
}
