using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator;

/// <summary>
/// Somebody who takes servers out of service and puts them back, in every fourth history. He asks whoever seems to lead, and is not
/// always heard.
/// </summary>
internal sealed class Operator(World world)
{
    /// <summary>A stream of its own: histories without an operator are as they were.</summary>
    private readonly SimRandom _random = new(~world.Seed);
    private long _endNs;

    internal static bool IsIn(ulong seed) => seed % 4 == 2;

    internal void Begin(long endNs)
    {
        _endNs = endNs;
        if (IsIn(world.Seed))
        {
            Next();
        }
    }

    /// <summary>Every server is taken back, whatever it takes.</summary>
    internal void End()
    {
        string[] drained = [.. world.Store.Drains.Select(drain => drain.Identity)];
        foreach (string identity in drained)
        {
            Undrain(identity);
        }

        if (IsIn(world.Seed))
        {
            world.Agenda.After(300 * World.Ms, End);
        }
    }

    private void Next() => world.Agenda.After(_random.Between(200, 2500) * World.Ms, () =>
    {
        if (world.Agenda.NowNs < _endNs)
        {
            Drain();
            Next();
        }
    });

    private void Drain()
    {
        string[] servers = [.. world.Followers.Select(follower => follower.Identity).Distinct()];
        Drain drain = new()
        {
            Identity = servers[_random.Below(servers.Length)],
            Reason = _random.OneOf("", "rack 1", "rack 2"),
            MovesObjects = _random.Chance(500),
            RevokesSession = _random.Chance(300),
        };
        MasterProcess leader = Leader();
        leader.Deliver(() => leader.Drain(drain));
        world.Agenda.After(_random.Between(100, 4000) * World.Ms, () => Undrain(drain.Identity));
    }

    private void Undrain(string identity)
    {
        MasterProcess leader = Leader();
        leader.Deliver(() => leader.Undrain(identity));
    }

    private MasterProcess Leader() =>
        world.Masters.FirstOrDefault(master => master.HasTable) ?? world.Masters[_random.Below(world.Masters.Count)];
}
