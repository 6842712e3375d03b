using System;

namespace Interop.Sessions;

/// <summary>
/// The one place that turns milliseconds, which settings and the wire have, into nanoseconds, which the clock has, and back. Each
/// form says how it rounds.
/// </summary>
/// <remarks>
/// None of them wraps. What the wire and the options have is of 32 bits, so nothing of it is too much; a sum of the library's own that
/// is gets an OverflowException. The longest time there is would be worse: a lease that never ends.
/// </remarks>
public static class Ns
{
    /// <summary>Nanoseconds in a millisecond.</summary>
    public const long PerMs = 1_000_000;

    /// <summary>Nanoseconds in a second.</summary>
    public const long PerSecond = 1_000_000_000;

    private const long PerTick = PerSecond / TimeSpan.TicksPerSecond;

    /// <summary>Exact.</summary>
    /// <exception cref="OverflowException">More than 292 years.</exception>
    public static long FromMs(long ms) => checked(ms * PerMs);

    /// <summary>Whole milliseconds, what is beyond them left out (towards 0): of a time that is told, or that must not be exceeded.</summary>
    public static long ToMs(long ns) => ns / PerMs;

    /// <summary>Milliseconds that are not less: of a time that must have passed.</summary>
    public static long ToMsUp(long ns) => (ns / PerMs) + (ns % PerMs > 0 ? 1 : 0);

    /// <summary>In .NET's units of 100 ns, what is beyond them left out.</summary>
    public static TimeSpan ToTimeSpan(long ns) => new(ns / PerTick);

    /// <summary>For metrics.</summary>
    public static double ToSeconds(long ns) => (double)ns / PerSecond;

    /// <summary>What is left of the time until then; 0: it has come. Also of a time that a host named, whichever it is.</summary>
    /// <param name="untilNs">By the clock.</param>
    /// <param name="nowNs">The clock, which is not negative.</param>
    public static long Left(long untilNs, long nowNs) => untilNs > nowNs ? untilNs - nowNs : 0;
}
