using System;
using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.CrashLoops.Checks;

/// <summary>
/// Every number that was given out: epochs of sessions and revisions of items, which one counter gives, and master epochs.
/// None comes twice, and what is asked for later gets a higher one. Any thread.
/// </summary>
internal sealed class Ledger(Findings findings)
{
    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _given = [];
    private ulong _highest;
    private ulong _masterEpoch;

    /// <summary>The highest that anybody was told: what is asked for from now on gets a higher one.</summary>
    internal ulong Highest
    {
        get
        {
            lock (_lock)
            {
                return _highest;
            }
        }
    }

    /// <summary>A number was given.</summary>
    /// <param name="number">Which.</param>
    /// <param name="floor">The highest when it was asked for.</param>
    /// <param name="what">What has it.</param>
    internal void Note(ulong number, ulong floor, string what)
    {
        lock (_lock)
        {
            if (!_given.Add(number))
            {
                findings.Add($"{what} has the number {number}, which was given out before");
            }

            if (number <= floor)
            {
                findings.Add($"{what} has the number {number}; {floor} was given out before it was asked for");
            }

            _highest = Math.Max(_highest, number);
        }
    }

    /// <summary>A leadership that began after all others that were noted.</summary>
    internal void NoteLeadership(ulong masterEpoch)
    {
        lock (_lock)
        {
            if (masterEpoch <= _masterEpoch)
            {
                findings.Add($"master epoch {masterEpoch} leads after {_masterEpoch}");
            }

            _masterEpoch = Math.Max(_masterEpoch, masterEpoch);
        }
    }
}
