using System;

namespace Interop.Sessions;

/// <summary>When people are to be told that a certificate runs out.</summary>
public static class CertificateLife
{
    /// <summary>Is its end near? One that lives for hours is replaced within hours: only its last part counts.</summary>
    /// <param name="from">From when on it is valid.</param>
    /// <param name="to">Until when.</param>
    /// <param name="now">The wall clock now.</param>
    /// <param name="warningDays">How long before its end a certificate is warned of at the most; 0: never.</param>
    public static bool IsNearEnd(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, uint warningDays)
    {
        TimeSpan left = to - now;
        return left < TimeSpan.FromDays(warningDays) && left < (to - from) / Limits.CertificateLastPart && warningDays > 0;
    }
}
