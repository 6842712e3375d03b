using System;
using System.Net;

namespace Interop.Sessions;

/// <summary>
/// With whom connections without TLS are allowed: a master serves them from there, a client dials there. Nobody is authenticated by
/// them, and everybody on the way reads what they carry.
/// </summary>
public enum Insecure
{
    /// <summary>With nobody.</summary>
    No = 0,

    /// <summary>With processes of the same machine.</summary>
    Loopback = 1,

    /// <summary>With everybody: whoever reaches a master may do everything, and whoever takes its address is believed.</summary>
    Anywhere = 2,
}

/// <summary>Whom each value lets in.</summary>
public static class InsecurePeers
{
    /// <summary>May there be a connection without TLS with whoever is at this address?</summary>
    public static bool Allows(this Insecure insecure, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return insecure switch
        {
            Insecure.Anywhere => true,
            // Sockets for both families show 127.0.0.2 as ::ffff:127.0.0.2, which .NET does not take for a loopback address.
            Insecure.Loopback => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address),
            _ => false,
        };
    }

    /// <summary>As options have it: "loopback".</summary>
    public static string Word(this Insecure insecure) => insecure.ToString().ToLowerInvariant();
}
