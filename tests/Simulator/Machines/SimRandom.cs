using System;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): the same numbers from a seed on every runtime, so that a seed replays.</summary>
internal sealed class SimRandom(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Both ends included.</summary>
    internal long Between(long low, long high) => low + (long)(Next() % (ulong)(high - low + 1));

    internal int Below(int end) => (int)Between(0, end - 1);

    internal bool Chance(int perMille) => Between(0, 999) < perMille;

    internal T OneOf<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>Another stream: what one part draws does not move the others' numbers.</summary>
    internal SimRandom Fork() => new(Next());
}
