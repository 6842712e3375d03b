using System;

namespace Interop.Sessions.Master;

/// <summary>Hashes that are the same in every process and release: string.GetHashCode differs from run to run.</summary>
internal static class Hash64
{
    /// <summary>FNV-1a over the UTF-16 units, mixed: its low bits are weak.</summary>
    internal static ulong Of(string text)
    {
        ulong hash = Fnv1a.Basis;
        foreach (char unit in text)
        {
            hash = Fnv1a.With(hash, unit);
        }

        return Mix(hash);
    }

    /// <summary>Every bit of the result depends on every bit of the number (Steele, Lea, Flood 2014: SplitMix64).</summary>
    internal static ulong Mix(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }

    /// <summary>A number below a bound, as likely as any other: the high half of a product (Lemire 2019).</summary>
    internal static int Below(int bound, ulong hash) => (int)Math.BigMul(hash, (ulong)bound, out _);
}
