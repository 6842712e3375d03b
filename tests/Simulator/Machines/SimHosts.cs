using System;
using System.Linq;
using Interop.Sessions.Lease;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>
/// The election that hosts of masters have among themselves: one leader at a time, by a number that only rises. The master of a host that
/// was deposed hears of it when its host is asked again.
/// </summary>
internal sealed class SimHosts(World world, SimRandom random)
{
    private MasterProcess? _leader;
    private ulong _epoch;
    private bool _isQuiet;

    internal string? LeaderName => _leader?.Name;

    internal void Begin() => world.Agenda.After(random.Between(50, 1500) * World.Ms, () =>
    {
        if (_leader == null || !_leader.IsUp || (_leader.IsPaused && random.Chance(300)) || (!_isQuiet && random.Chance(50)))
        {
            Elect();
        }

        Begin();
    });

    /// <summary>An import has counted on from the number that led: the hosts need a higher one, as docs/operations.md says.</summary>
    internal void Imported() => _leader = null;

    /// <summary>Nobody is deposed any more who is there.</summary>
    internal void Quiet() => _isQuiet = true;

    /// <summary>Another leads, or the same again: with a higher number all the same.</summary>
    internal void Elect()
    {
        MasterProcess[] up = [.. world.Masters.Where(master => master.IsUp && !master.IsPaused)];
        if (up.Length > 0)
        {
            _leader = up[random.Below(up.Length)];
            // Above whatever a master has counted that was led by no host: an import goes on from there.
            _epoch = Math.Max(_epoch, EpochFloor.At(WallClock.TrueMs(world) + (24 * 3_600_000L))) + 1;
            world.Note($"the hosts elect {_leader.Name} with {_epoch}");
        }
    }

    /// <summary>What the host of a master answers to CheckLeader just now.</summary>
    internal LeaderAnswer Answer(MasterProcess asker) => asker == _leader
        ? new LeaderAnswer(true, Epoch: _epoch, ValidForMs: (uint)random.OneOf(0, 0, 700, 60_000))
        : new LeaderAnswer(false, Hint: random.Chance(500) ? LeaderName : null);
}
