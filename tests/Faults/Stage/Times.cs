namespace Interop.Sessions.Faults.Stage;

/// <summary>The times that all scenarios are about, in milliseconds, as docs/leases.md derives them.</summary>
internal static class Times
{
    /// <summary>T, also the longest that a master grants.</summary>
    internal const uint TermMs = 2000;

    /// <summary>T/6: how often a holder renews.</summary>
    internal const long IntervalMs = TermMs / 6;

    /// <summary>T/2: SUSPECT, after the last answer.</summary>
    internal const long HalfMs = TermMs / 2;

    /// <summary>T·(1−ρ)/(1+ρ) with ρ = 0.10: JEOPARDY, after the last renewal that was answered was sent.</summary>
    internal const long UsableMs = TermMs * 9 / 11;

    /// <summary>
    /// After healing, a connection attempt that began during the cut comes through: the kernel repeats a lost SYN after a
    /// second, and the attempt after that is a new one (Limits.ConnectTimeoutMs).
    /// </summary>
    internal const long ConnectMs = 1000;

    /// <summary>How late anything may be on a machine that has other work: a scheduler's and a disk's hiccup.</summary>
    internal const long SlackMs = 300;

    /// <summary>A bound on every wait: more than anything here takes.</summary>
    internal const int PatienceMs = 20_000;

    /// <summary>The same where many processes begin at once.</summary>
    internal const int ProcessPatienceMs = 120_000;
}
