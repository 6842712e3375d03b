using System;
using System.Globalization;

namespace Interop.Sessions;

/// <summary>What "host:port" says; it is taken apart here and nowhere else.</summary>
/// <param name="Host">A name or a numeric address, not looked at.</param>
/// <param name="Port">0: any that is free, where one listens.</param>
public readonly record struct HostAndPort(string Host, ushort Port)
{
    /// <summary>A host, the last colon, and a port in decimal digits.</summary>
    public static bool TryParse(string text, out HostAndPort parsed)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        bool isParsed = ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && colon > 0;
        parsed = isParsed ? new HostAndPort(text[..colon], port) : default;
        return isParsed;
    }
}
