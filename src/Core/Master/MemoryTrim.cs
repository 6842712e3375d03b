using System;

namespace Interop.Sessions.Master;

/// <summary>
/// When memory that a burst has left behind is given back to the machine. The collector keeps what it has once needed, and a
/// quiet process collects nothing for hours; but to give it back it stops everything, the longer the more sessions there are.
/// </summary>
/// <param name="longestPauseMs">A stop that no renewal notices.</param>
public sealed class MemoryTrim(uint longestPauseMs)
{
    private long _lastAllocated;
    private long _lastTrimNs = long.MinValue / 2;
    private long _needed;
    private int _inVain;

    /// <summary>Is it time to? Asked again and again, <see cref="Limits.MemoryLookMs"/> after the last time.</summary>
    /// <param name="allocated">Bytes allocated since the start of the process.</param>
    /// <param name="resident">Bytes that the process has of the machine.</param>
    /// <param name="sessions">Sessions in memory.</param>
    /// <param name="nowNs">The clock.</param>
    public bool IsDue(long allocated, long resident, int sessions, long nowNs)
    {
        long sinceLook = allocated - _lastAllocated;
        _lastAllocated = allocated;
        bool isQuiet = sinceLook < Limits.QuietAllocationBytes;
        bool isWorthIt = resident - _needed > Math.Max(Limits.LeastTrimBytes, _needed / 4);
        bool isBearable = Limits.EmptyCollectionMs + (sessions / Limits.SessionsCompactedPerMs) <= longestPauseMs;
        bool isRare = nowNs - _lastTrimNs >= Ns.FromMs(Limits.TrimPauseMs);
        if (!isQuiet || !isWorthIt || !isBearable || !isRare)
        {
            return false;
        }

        _lastTrimNs = nowNs;
        return true;
    }

    /// <summary>
    /// It was done. Buffers that others keep for a while are free some time later: what is needed is known when it was done in
    /// vain some times.
    /// </summary>
    public void Trimmed(long residentBefore, long residentAfter)
    {
        _inVain = residentAfter > residentBefore / 10 * 9 ? _inVain + 1 : 0;
        if (_inVain >= Limits.TrimsInVain)
        {
            _needed = residentAfter;
            _inVain = 0;
        }
    }
}
