using System;

namespace Interop.Sessions.Lease;

/// <summary>How often a holder is told to renew.</summary>
public static class RenewalPace
{
    /// <summary>The interval of a term, in milliseconds, never 0.</summary>
    public static uint IntervalMs(uint termMs) => Math.Max(1, termMs / Limits.RenewalsPerTerm);
}
