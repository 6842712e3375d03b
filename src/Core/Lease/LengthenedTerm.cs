using System;

namespace Interop.Sessions.Lease;

/// <summary>
/// A term longer than the one that a session was granted, as renewals bring it under load. The store has the term before it is
/// promised, so that a successor waits for it, and forgets the term when the last promise of it has run out.
/// </summary>
/// <param name="storedMs">What the store has at the beginning; 0: no session was promised more than its own term.</param>
internal sealed class LengthenedTerm(uint storedMs)
{
    /// <summary>A level is a quarter above the one before: the store hears of a growing load rarely.</summary>
    private const uint StepDivisor = 4;

    private uint _promisableMs;
    private long _forgetAtNs = long.MinValue;

    /// <summary>What the store has: any session may have been promised as much.</summary>
    internal uint StoredMs { get; private set; } = storedMs;

    /// <summary>A predecessor may have promised it until now.</summary>
    internal void Resume(long nowNs) => _forgetAtNs = Math.Max(_forgetAtNs, RunsOutNs(nowNs));

    /// <summary>What may be promised of a wish.</summary>
    internal uint Promise(uint ownMs, uint wishedMs) => Math.Max(ownMs, Math.Min(wishedMs, _promisableMs));

    /// <summary>What the store should have instead of what it has; null: the store is right.</summary>
    internal uint? Change(uint wishedMs, uint leastMs, uint mostMs, long nowNs)
    {
        uint levelMs = LevelOf(wishedMs, leastMs, mostMs);
        if (levelMs < _promisableMs)
        {
            // The last longer promise was given before now.
            _forgetAtNs = RunsOutNs(nowNs);
        }

        _promisableMs = Math.Min(levelMs, StoredMs);
        bool isOver = nowNs >= _forgetAtNs;
        return levelMs > StoredMs || (levelMs < StoredMs && isOver) ? levelMs : null;
    }

    /// <summary>The store has it.</summary>
    internal void Accept(uint levelMs)
    {
        StoredMs = levelMs;
        _promisableMs = levelMs;
    }

    private long RunsOutNs(long nowNs) => Lease.LeaseArithmetic.MasterDeadlineNs(nowNs, StoredMs);

    private static uint LevelOf(uint wishedMs, uint leastMs, uint mostMs)
    {
        if (wishedMs <= leastMs)
        {
            return 0;
        }

        uint levelMs = leastMs;
        while (levelMs < wishedMs)
        {
            levelMs += Math.Max(1, levelMs / StepDivisor);
        }

        return Math.Min(levelMs, mostMs);
    }
}
