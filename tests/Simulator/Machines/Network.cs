using System;
using System.Collections.Generic;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>Delays, drops, duplicates and reorders; cuts are one way each.</summary>
internal sealed class Network(Agenda agenda, SimRandom random)
{
    private readonly HashSet<(string From, string To)> _cuts = [];

    private int _age;

    internal int LossPerMille { get; set; }

    internal int DuplicatePerMille { get; set; }

    internal int LatePerMille { get; set; }

    internal long LatestNs { get; set; } = World.Ms;

    /// <summary>What a broken connection had left in somebody's queue arrives all the same, long after.</summary>
    internal void SendLate(SimProcess from, SimProcess to, long delayNs, Action arrival)
    {
        int run = to.Run;
        int age = _age;
        agenda.After(delayNs, () =>
        {
            if (!from.IsRetired && age == _age)
            {
                to.Do(run, arrival);
            }
        });
    }

    /// <summary>How many copies of it are on their way.</summary>
    internal int Send(SimProcess from, SimProcess to, Action arrival)
    {
        if (IsCut(from, to) || random.Chance(LossPerMille))
        {
            return 0;
        }

        // A connection ends with the process that it leads to, and so do all copies of what was sent on it.
        int copies = random.Chance(DuplicatePerMille) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            long delayNs = random.Between(World.Ms / 10, 2 * World.Ms);
            if (random.Chance(LatePerMille))
            {
                delayNs += random.Between(0, LatestNs);
            }

            SendLate(from, to, delayNs, arrival);
        }

        return copies;
    }

    /// <summary>Nothing gets lost or is late between the two just now.</summary>
    internal bool IsClear(SimProcess one, SimProcess other) =>
        LossPerMille == 0 && LatePerMille == 0 && !IsCut(one, other) && !IsCut(other, one);

    internal bool IsCut(SimProcess from, SimProcess to) => _cuts.Contains((from.Name, to.Name));

    internal void Cut(string from, string to) => _cuts.Add((from, to));

    /// <summary>Something takes so long that nothing is on its way any more.</summary>
    internal void LoseAll() => _age++;

    internal void Heal()
    {
        _cuts.Clear();
        LossPerMille = DuplicatePerMille = LatePerMille = 0;
    }
}
