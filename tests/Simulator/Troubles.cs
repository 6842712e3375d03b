using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator;

/// <summary>Everything bad that happens, one thing after the other and several at once.</summary>
internal sealed class Troubles(World world, SimRandom random)
{
    private readonly List<StoreContent> _backups = [];
    private long _endNs;

    /// <summary>For how long nothing more happens after the last trouble.</summary>
    private long _calmNs;

    private bool IsOver => world.Agenda.NowNs >= _endNs;

    /// <summary>Takes the leadership away in one of the ways in which it gets lost.</summary>
    internal static void Depose(World world, MasterProcess leader)
    {
        switch (world.Conditions.Election)
        {
            case Election.Key:
                leader.Resign();
                return;
            case Election.Host:
                world.Hosts.Elect();
                return;
            default:
                break;
        }

        leader.Crash();
        world.Agenda.After(50 * World.Ms, leader.Start);
    }

    internal void Begin(long endNs)
    {
        _endNs = endNs;
        Next();
        UseItems();
        UseObjects();

        // Whatever else happens, at least three fail-overs.
        for (int i = 1; i <= 4; i++)
        {
            world.Agenda.At(endNs * i / 5, FailOver);
        }
    }

    /// <summary>All is well again.</summary>
    internal void End()
    {
        world.Note($"quiet");
        world.Network.Heal();
        world.Store.Heal();
        world.Store.SeeksBadMoments = false;
        world.HostsMisbehave = false;
        world.Hosts.Quiet();
        foreach (MasterProcess master in world.Masters)
        {
            master.Resume();
            master.Start();
        }

        foreach (FollowerProcess process in world.Processes.Where(process => process.IsSuperseded).ToArray())
        {
            process.Retire();
            world.Processes.Remove(process);
        }

        foreach (FollowerProcess process in world.Processes)
        {
            process.Resume();
            process.Start();
        }

        foreach (SimFollower follower in world.Followers)
        {
            follower.BecomeHealthy();
        }
    }

    private void Next() => world.Agenda.After(_calmNs + (random.Between(50, 1500) * World.Ms), () =>
    {
        _calmNs = 0;
        if (!IsOver)
        {
            Trouble()();
            Next();
        }
    });

    private void UseItems() => world.Agenda.After(random.Between(20, 300) * World.Ms, () =>
    {
        SimFollower follower = AnyFollower();
        follower.Process.Deliver(follower.UseItem);
        if (!IsOver)
        {
            UseItems();
        }
    });

    private void UseObjects() => world.Agenda.After(random.Between(50, 600) * World.Ms, () =>
    {
        SimFollower follower = AnyFollower();
        follower.Process.Deliver(follower.UseObject);
        if (!IsOver)
        {
            UseObjects();
        }
    });

    private Action Trouble() => random.OneOf<Action>(
        FailOver, PauseMaster, PauseFollower, PauseFollower, PauseManaged, PauseManaged, RestartFollower, RestartFollower,
        TakeOver, Close, Close, WishAtAnyTime, CancelWish, Revoke, LoseHealth, CutNetwork, CutNetwork, LoseLink, BadNetwork, BadNetwork,
        HangStore, FailStore,
        CutFromStore, ChangeClock, ChangeClock, StepWallClock, BackUp, BackUp, GoBack, LoseStandby, NameOtherwise, SayNo, Calm);

    private FollowerProcess AnyProcess() => world.Processes[random.Below(world.Processes.Count)];

    private SimFollower AnyFollower()
    {
        IReadOnlyList<SimFollower> followers = AnyProcess().Followers;
        return followers[random.Below(followers.Count)];
    }

    private MasterProcess AnyMaster() => world.Masters[random.Below(world.Masters.Count)];

    private MasterProcess Leader() => world.Masters.FirstOrDefault(master => master.HasTable) ?? AnyMaster();

    private void FailOver()
    {
        MasterProcess leader = Leader();
        if (random.Chance(500))
        {
            leader.Crash();
            world.Agenda.After(random.Between(10, 3000) * World.Ms, leader.Start);
        }
        else
        {
            Depose(world, leader);
        }
    }

    // Around its own lease: it wakes up as a leader, or as somebody who still thinks so.
    private void PauseMaster() => Leader().Pause(random.Between(100, 5000) * World.Ms);

    private void PauseFollower() => AnyProcess().Pause(random.Between(100, 6000) * World.Ms);

    private void PauseManaged() => AnyProcess().PauseManaged(random.Between(100, 6000) * World.Ms);

    private void RestartFollower()
    {
        FollowerProcess process = AnyProcess();
        process.Crash();
        if (process.IsSuperseded)
        {
            process.Retire();
        }

        world.Agenda.After(random.Between(1, 4000) * World.Ms, process.Start);
    }

    /// <summary>
    /// A second process takes the sessions up while the first still runs, which must lose to the newest. Or it knows nothing of
    /// some of them (a new machine by the name of the old), and must wait until they are over.
    /// </summary>
    private void TakeOver()
    {
        FollowerProcess former = AnyProcess();
        if (!former.IsUp || former.IsSuperseded || !former.Followers.Any(follower => follower.Disk.HasSession))
        {
            return;
        }

        ServerDisk[] disks =
        [
            .. former.Followers.Select(
                follower => random.Chance(400) ? new ServerDisk(follower.Identity) : follower.Disk),
        ];
        world.Contended.UnionWith(former.Followers.Select(follower => follower.Identity));
        former.IsSuperseded = true;
        FollowerProcess newest = new(world, former.Name + "'", world.NewClock(), random.Fork(), disks);
        world.Processes[world.Processes.IndexOf(former)] = newest;
        world.Processes.Add(former);
        newest.Start();
    }

    private void Close()
    {
        SimFollower follower = AnyFollower();
        follower.Process.Deliver(follower.Close);
    }

    /// <summary>While the follower itself may just replace what it has lost, or is being closed.</summary>
    private void WishAtAnyTime()
    {
        SimFollower follower = AnyFollower();
        follower.Process.Deliver(follower.WishNow);
        if (random.Chance(300))
        {
            world.Agenda.After(random.Between(0, 200) * World.Ms, () => follower.Process.Deliver(follower.Close));
        }
    }

    private void CancelWish()
    {
        SimFollower follower = AnyFollower();
        follower.Process.Deliver(follower.WishNow);
        world.Agenda.After(random.Between(0, 200) * World.Ms, () => follower.Process.Deliver(follower.CancelWish));
    }

    private void Revoke()
    {
        if (AnyFollower().Held is { } key)
        {
            MasterProcess leader = Leader();
            leader.Deliver(() => leader.Revoke(key.SessionId, key.Epoch));
        }
    }

    private void LoseHealth()
    {
        SimFollower follower = AnyFollower();
        follower.SetHealthyUntil(random.Between(0, 300) * World.Ms);
        world.Agenda.After(random.Between(500, 6000) * World.Ms, follower.BecomeHealthy);
    }

    private void CutNetwork()
    {
        FollowerProcess process = AnyProcess();
        MasterProcess[] masters = random.Chance(700) ? [.. world.Masters] : [Leader()];
        int ways = random.OneOf(1, 2, 3);
        foreach (MasterProcess master in masters)
        {
            if ((ways & 1) != 0)
            {
                world.Network.Cut(process.Name, master.Name);
            }

            if ((ways & 2) != 0)
            {
                world.Network.Cut(master.Name, process.Name);
            }
        }

        world.Note($"network of {process.Name} is cut, ways {ways}");
        HealNetworkLater();
    }

    /// <summary>A link gets slow, though its answers still count, and then it is gone.</summary>
    private void LoseLink()
    {
        world.Network.LatePerMille = 800;
        world.Network.LatestNs = random.OneOf(100, 300, 600) * World.Ms;
        world.Agenda.After(random.Between(300, 2000) * World.Ms, () =>
        {
            if (!IsOver)
            {
                CutNetwork();
            }
        });
        HealNetworkLater();
    }

    private void BadNetwork()
    {
        world.Network.LossPerMille = random.OneOf(0, 100, 400);
        world.Network.DuplicatePerMille = random.OneOf(0, 200);
        world.Network.LatePerMille = random.OneOf(0, 300, 800);
        world.Network.LatestNs = random.OneOf(50, 800, 4000) * World.Ms;
        HealNetworkLater();
    }

    private void HealNetworkLater() => world.Agenda.After(random.Between(100, 5000) * World.Ms, world.Network.Heal);

    /// <summary>What has piled up meanwhile may then fail, or be taken in part.</summary>
    private void HangStore()
    {
        long forNs = random.Between(100, 4000) * World.Ms;
        world.Store.Hang(forNs);
        if (random.Chance(400))
        {
            world.Store.FailPerMille = 500;
            world.Agenda.After(forNs + (random.Between(5, 200) * World.Ms), world.Store.Heal);
        }
    }

    private void FailStore()
    {
        world.Store.FailPerMille = random.OneOf(200, 1000);
        world.Store.SlowestNs = random.OneOf(3, 300) * World.Ms;
        world.Agenda.After(random.Between(200, 3000) * World.Ms, world.Store.Heal);
    }

    private void CutFromStore()
    {
        if (world.Conditions.MasterCount > 1)
        {
            world.Store.CutOff(Leader());
            world.Agenda.After(random.Between(200, 4000) * World.Ms, world.Store.Heal);
        }
    }

    /// <summary>A master that does not lead is gone for long, and followers that turn to it must find another.</summary>
    private void LoseStandby()
    {
        if (world.Masters.Find(master => master.IsUp && !master.HasTable) is { } standby)
        {
            standby.Crash();
            world.Agenda.After(random.Between(1000, 10_000) * World.Ms, standby.Start);
        }
    }

    private void SayNo()
    {
        MasterProcess leader = Leader();
        long forNs = random.Between(50, 4000) * World.Ms;
        leader.Deliver(() => leader.HostSaysNo(forNs));
    }

    private void NameOtherwise() => AnyMaster().NameOtherwise();

    /// <summary>Nothing happens for a while on the way to a leader, and whoever can reach one must have found it.</summary>
    private void Calm()
    {
        world.Note($"calm");
        world.Network.Heal();
        world.Store.Heal();
        _calmNs = random.Between(3000, 9000) * World.Ms;
    }

    private void StepWallClock() => AnyMaster().Wall.Step();

    private void BackUp() => _backups.Add(world.Store.Copy());

    /// <summary>The store is lost, or an older copy or an export is put in its place; nobody leads meanwhile.</summary>
    private void GoBack()
    {
        StoreContent backup = _backups.Count == 0 ? new StoreContent() : _backups[random.Below(_backups.Count)];
        int way = random.Below(3);
        world.Note($"the store goes back, way {way}");
        world.Network.LoseAll();
        foreach (MasterProcess master in world.Masters)
        {
            master.Crash();
            world.Agenda.After(random.Between(10, 3000) * World.Ms, master.Start);
        }

        if (way == 0)
        {
            world.Store.Import(backup, AnyMaster().Wall);
            world.Hosts.Imported();
        }
        else
        {
            world.Store.GoBack(way == 1 ? backup.Copy() : new StoreContent());
        }
    }

    private void ChangeClock()
    {
        SimProcess machine = random.Chance(400) ? AnyMaster() : AnyProcess();
        machine.Clock.SetError(world.Conditions.ClockError(random));
    }
}
