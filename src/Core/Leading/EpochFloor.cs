using System;

namespace Interop.Sessions.Lease;

/// <summary>
/// Promise P3, no number twice: a leadership begins its counters at no less than the wall clock says, in seconds and their
/// fractions, above <see cref="StepBits"/> bits that count. So a store that went back (an older copy, an import, a snapshot, a new
/// file) goes on above what was given out before, although no record of that is left.
/// </summary>
/// <remarks>
/// P3 holds as long as the clock at the beginning of a leadership is a millisecond later, or more, than at the beginning of
/// every earlier leadership, those whose numbers are still there included: where a leadership has begun ahead of the clock,
/// later ones count on from its numbers until the clock has come so far. And P3 holds as long as fewer than two thousand
/// changes a millisecond are made. The numbers stay below 2^53 until the year 2106, so that every reader of JSON reads them
/// exactly.
/// </remarks>
public static class EpochFloor
{
    /// <summary>How many bits count within a second: two million changes, a hundred times what a store commits.</summary>
    public const int StepBits = 21;

    /// <summary>Until 2106.</summary>
    private const long MaxUnixMs = uint.MaxValue * 1000L;

    /// <summary>The counters' floor at a time of the wall clock, in milliseconds since 1970.</summary>
    /// <exception cref="SessionException">StoreFailed: no clock that is right says so.</exception>
    public static ulong At(long unixMs) => unixMs is >= 0 and <= MaxUnixMs
        ? ((ulong)unixMs << StepBits) / 1000
        : throw new SessionException(
            SessionStatus.StoreFailed,
            $"the wall clock says {unixMs} ms since 1970; a master leads from 0 to {MaxUnixMs}, since epochs are counted from it");

    /// <summary>
    /// How far a number is ahead of the clock, in milliseconds; 0: not by more than a second. So long a store that goes back gives
    /// numbers twice.
    /// </summary>
    public static long AheadMs(ulong number, long unixMs)
    {
        long aheadMs = (long)Math.Min((ulong)MaxUnixMs, (number >> StepBits) * 1000) - unixMs;
        return aheadMs > 1000 ? aheadMs : 0;
    }
}
