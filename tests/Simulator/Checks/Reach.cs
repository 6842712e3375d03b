using System;
using System.Collections.Generic;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <summary>
/// A leader that can be reached for so long serves, at any time and whatever happened before: a process that wants something of a
/// leader, while nothing befalls the two or what is between them, is heard by it within a bound; and a session that is well there is
/// served within an interval more. Others may be down, hang, or name whomever they like.
/// </summary>
internal sealed class Reach(World world)
{
    private const long LookEveryNs = 50 * World.Ms;

    /// <summary>The longest pause before another attempt, with its jitter, and what threads and the network take.</summary>
    private const long AttemptNs = 1_000 * World.Ms;

    private readonly Dictionary<FollowerProcess, Calm> _processes = [];
    private readonly Dictionary<SimFollower, Wellness> _followers = [];

    internal void Begin() => world.Agenda.After(LookEveryNs, () =>
    {
        MasterProcess? leader = world.Masters.Find(master => master.Serves);
        foreach (FollowerProcess process in world.Processes)
        {
            Look(process, leader);
        }

        Begin();
    });

    private void Look(FollowerProcess process, MasterProcess? leader)
    {
        Calm calm = Of(_processes, process);
        if (leader == null || !process.IsUndisturbed || !world.Network.IsClear(process, leader))
        {
            calm.Leader = null;
            return;
        }

        if (calm.Leader != leader || calm.LeaderEpoch != leader.MasterEpoch || calm.Run != process.Run)
        {
            (calm.Leader, calm.LeaderEpoch, calm.Run) = (leader, leader.MasterEpoch, process.Run);
            (calm.SinceNs, calm.AskingSinceNs) = (world.Agenda.NowNs, long.MaxValue);
            calm.IntervalMs = SimFollower.AttemptNs / World.Ms;
        }

        bool isAsking = false;
        foreach (SimFollower follower in process.Followers)
        {
            isAsking |= follower.IsAsking;
            calm.IntervalMs = Math.Max(calm.IntervalMs, follower.IntervalMs);
        }

        IsHeard(process, calm, isAsking);
        foreach (SimFollower follower in process.Followers)
        {
            IsServing(follower, calm);
        }
    }

    private void IsHeard(FollowerProcess process, Calm calm, bool isAsking)
    {
        long nowNs = world.Agenda.NowNs;
        calm.AskingSinceNs = !isAsking ? long.MaxValue : Math.Min(calm.AskingSinceNs, nowNs);
        if (isAsking)
        {
            long silentNs = nowNs - Math.Max(calm.AskingSinceNs, process.LeaderHeardNs);
            world.Witness.Counts.Reached++;
            world.Witness.Reaches(
                silentNs <= BoundNs(calm),
                $"{process.Name} reached {calm.Leader!.Name}, which led, not once within {silentNs / World.Ms} ms");
        }
    }

    private void IsServing(SimFollower follower, Calm calm)
    {
        long nowNs = world.Agenda.NowNs;
        Wellness wellness = Of(_followers, follower);
        bool isWell = follower.IsRenewing && follower.Held is { } key && calm.Leader!.IsWellAt(follower.Identity, key, world.Store.IsWell);
        if (!isWell || wellness.Epoch != follower.Held!.Value.Epoch)
        {
            (wellness.Epoch, wellness.SinceNs) = (isWell ? follower.Held!.Value.Epoch : 0, nowNs);
            return;
        }

        long sinceNs = Math.Max(wellness.SinceNs, calm.SinceNs);
        world.Witness.Reaches(
            follower.WouldServe || nowNs - sinceNs <= BoundNs(calm) + IntervalNs(calm),
            $"{follower.Name} does not serve epoch {wellness.Epoch}, {(nowNs - sinceNs) / World.Ms} ms after {calm.Leader!.Name} could renew it");
    }

    /// <summary>
    /// Until the next renewal is due; then each master costs an interval if it is silent, once where it is in the rotation and once more
    /// where another names it.
    /// </summary>
    private long BoundNs(Calm calm) => IntervalNs(calm) + (2 * world.Masters.Count * (IntervalNs(calm) + AttemptNs));

    /// <summary>By the slowest clock.</summary>
    private long IntervalNs(Calm calm) => calm.IntervalMs * World.Ms * 1_000_000 / (1_000_000 - world.Conditions.RateBoundPpm);

    private static TState Of<TKey, TState>(Dictionary<TKey, TState> states, TKey key)
        where TKey : notnull
        where TState : new()
    {
        if (!states.TryGetValue(key, out TState? state))
        {
            states.Add(key, state = new TState());
        }

        return state;
    }

    private sealed class Calm
    {
        internal MasterProcess? Leader { get; set; }

        internal ulong LeaderEpoch { get; set; }

        internal int Run { get; set; }

        internal long SinceNs { get; set; }

        internal long AskingSinceNs { get; set; }

        /// <summary>The longest by which it renewed meanwhile.</summary>
        internal long IntervalMs { get; set; }
    }

    private sealed class Wellness
    {
        internal ulong Epoch { get; set; }

        internal long SinceNs { get; set; }
    }
}
