namespace Interop.Sessions.Lease;

/// <summary>
/// Promise P3, no number twice: a leadership begins its counters at no less than the wall clock says, in seconds, above
/// <see cref="StepBits"/> bits that count. So a store that went back (an older copy, an import, a snapshot, a new file) goes on
/// above what was given out before, although nobody remembers it.
/// </summary>
/// <remarks>
/// It holds as long as the clock at the beginning of a leadership is a second later, or more, than at the beginning of each whose
/// numbers are lost, and fewer than a million changes a second are made. The numbers stay below 2^53 until the year 2106, so that every reader of JSON
/// reads them exactly.
/// </remarks>
public static class EpochFloor
{
    /// <summary>How many bits count within a second: two million changes, a hundred times what a store commits.</summary>
    public const int StepBits = 21;

    /// <summary>The counters' floor at a time of the wall clock, in seconds since 1970.</summary>
    /// <exception cref="SessionException">StoreFailed: no clock that is right says so.</exception>
    public static ulong At(long unixSeconds) => unixSeconds is >= 0 and <= uint.MaxValue
        ? (ulong)unixSeconds << StepBits
        : throw new SessionException(
            SessionStatus.StoreFailed,
            $"the wall clock says {unixSeconds} s since 1970; a master leads from 0 to {uint.MaxValue}, since epochs are counted from it");
}
