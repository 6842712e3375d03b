using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>
/// A process of followers, with what they share: the product's <see cref="RenewalBook"/>, its streams, and its
/// <see cref="Endpoints"/>. It does what FollowerManager and KeepAliveStream do with sockets and a thread. The collector may pause
/// all of it but the data paths.
/// </summary>
internal sealed partial class FollowerProcess : SimProcess
{
    private readonly SimRandom _random;
    private Endpoints _endpoints;
    private long _pausedUntilNs;

    internal FollowerProcess(World world, string name, SimClock clock, SimRandom random, IEnumerable<ServerDisk> disks)
        : base(world, name, clock)
    {
        _random = random;
        _endpoints = NewEndpoints();
        Followers = [.. disks.Select(disk => new SimFollower(this, disk, random.Fork()))];
    }

    internal IReadOnlyList<SimFollower> Followers { get; }

    /// <summary>Another process has taken its sessions up: it gets no new ones.</summary>
    internal bool IsSuperseded { get; set; }

    /// <summary>The one to talk to.</summary>
    internal MasterProcess Master => MasterOf(_endpoints.Current);

    /// <summary>Nothing keeps it from asking, and nobody has taken its place.</summary>
    internal bool IsUndisturbed => IsUp && !IsPaused && !IsSuperseded && World.Agenda.NowNs >= _pausedUntilNs;

    /// <summary>When, in true time, something of it last reached a master that led.</summary>
    internal long LeaderHeardNs { get; private set; }

    internal void LeaderHears() => LeaderHeardNs = World.Agenda.NowNs;

    /// <summary>The collector stops what is managed, and not the data paths.</summary>
    internal void PauseManaged(long forNs)
    {
        _pausedUntilNs = World.Agenda.NowNs + forNs;
        World.Note($"{Name}'s collector pauses it for {forNs / World.Ms} ms");
    }

    /// <summary>It happens now, or when the collector is done.</summary>
    internal void WhenCollected(Action action)
    {
        if (World.Agenda.NowNs < _pausedUntilNs)
        {
            World.Agenda.At(_pausedUntilNs, this, Run, () => WhenCollected(action));
        }
        else
        {
            action();
        }
    }

    /// <summary>One by its name; what a lie names is where nobody is.</summary>
    internal MasterProcess MasterOf(string name) => World.Masters.Find(master => master.Name == name) ?? World.NobodyAt(name);

    /// <summary>A call was answered.</summary>
    internal void NoteAnswer(MasterProcess master) => _endpoints.Answered(master.Name);

    /// <summary>A call was refused, or not answered in time.</summary>
    internal NextMaster NoteFailure(MasterProcess master, SessionException failure) =>
        _endpoints.CallFailed(master.Name, failure.Status, failure.IsOutcomeUnknown, failure.LeaderHint, NowNs);

    protected override void OnStart()
    {
        _pausedUntilNs = 0;
        _endpoints = NewEndpoints();
        foreach (SimFollower follower in Followers)
        {
            follower.OnStart();
        }
    }

    protected override void OnCrash()
    {
        ForgetStreams();
        foreach (SimFollower follower in Followers)
        {
            follower.OnCrash();
        }
    }

    private Endpoints NewEndpoints() => new([.. World.Masters.Select(master => master.Name)]);
}
