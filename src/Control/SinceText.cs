using System;
using System.Globalization;

namespace Interop.Sessions.Control;

/// <summary>A duration as people write it: "90s", "15m", "1h", "1d".</summary>
internal static class SinceText
{
    /// <summary>Reads one of a second to a week.</summary>
    internal static bool TryRead(string text, out ulong ms)
    {
        ms = 0;
        ulong unitMs = text.Length < 2 ? 0 : text[^1] switch
        {
            's' => 1000,
            'm' => 60 * 1000,
            'h' => 60 * 60 * 1000,
            'd' => 24 * 60 * 60 * 1000,
            _ => 0UL,
        };
        if (unitMs == 0 || !uint.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
        {
            return false;
        }

        ms = number * unitMs;
        return ms is > 0 and <= Limits.MaxSinceMs;
    }
}
