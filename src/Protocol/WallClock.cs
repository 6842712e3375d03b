using System;

namespace Interop.Sessions.Protocol;

/// <summary>
/// The wall clock, for numbers that must not come twice and for people. Never for leases: it is set back and forth.
/// </summary>
public static class WallClock
{
    /// <summary>Milliseconds since 1970.</summary>
    public static long UnixMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
