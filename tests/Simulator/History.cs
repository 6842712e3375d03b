using System;
using System.Linq;
using Interop.Sessions.Simulator.Checks;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator;

/// <summary>How a history ended.</summary>
/// <param name="Seed">What replays it.</param>
/// <param name="Fingerprint">Of all that happened.</param>
/// <param name="Counts">How much happened.</param>
/// <param name="Leaderships">How many leaders followed each other.</param>
/// <param name="Events">Simulated events.</param>
/// <param name="Failure">What was broken, or null.</param>
internal sealed record HistoryResult(
    ulong Seed, ulong Fingerprint, Counts Counts, int Leaderships, long Events, HistoryFailure? Failure);

/// <summary>
/// One history: some time of troubles with at least three fail-overs, then quiet, in which every dead session must go and
/// every living server must get and keep one.
/// </summary>
internal sealed class History
{
    private const long TroublesNs = 30_000 * World.Ms;
    private const int LeastLeaderships = 4;

    private readonly World _world;
    private readonly SimRandom _random;
    private readonly Troubles _troubles;
    private readonly Operator _operator;

    private History(ulong seed, Action<string>? trace)
    {
        _world = new World(seed, trace);
        _random = _world.Random.Fork();
        _troubles = new Troubles(_world, _random.Fork());
        _operator = new Operator(_world);
    }

    internal static HistoryResult Run(ulong seed, Action<string>? trace = null)
    {
        History history = new(seed, trace);
        HistoryFailure? failure = null;
        try
        {
            history.Happen();
        }
        catch (HistoryFailure broken)
        {
            failure = broken;
            history._world.Note($"BROKEN: {broken.Message}");
        }

        World world = history._world;
        return new HistoryResult(
            seed, world.Fingerprint, world.Witness.Counts, world.Store.Leaderships, world.Agenda.EventCount, failure);
    }

    private void Happen()
    {
        Populate();
        new Reach(_world).Begin();
        _troubles.Begin(TroublesNs);
        _operator.Begin(TroublesNs);
        _world.Agenda.RunUntil(TroublesNs);
        _troubles.End();
        _operator.End();
        FollowerProcess victim = _world.Processes[0];
        if (_random.Chance(300))
        {
            victim.Retire();
            EndThroughFailovers(victim.Followers[0]);
        }

        victim.Retire();
        long quietNs = (4 * _world.Conditions.MaxTermMs * World.Ms) + (5_000 * World.Ms);
        _world.Agenda.RunUntil(_world.Agenda.NowNs + quietNs);
        RequireOrder(victim);
    }

    private void Populate()
    {
        for (int i = 0; i < _world.Conditions.MasterCount; i++)
        {
            _world.Masters.Add(new MasterProcess(_world, $"master{i}", _world.NewClock(), _random.Fork()));
        }

        if (_world.Conditions.Election == Election.Host)
        {
            _world.Hosts.Begin();
        }

        int servers = 0;
        for (int i = 0; i < _world.Conditions.ProcessCount; i++)
        {
            ServerDisk[] disks = new ServerDisk[Conditions.FollowersOfOne(_random)];
            for (int j = 0; j < disks.Length; j++)
            {
                disks[j] = new ServerDisk($"cs{servers++}");
            }

            _world.Processes.Add(new FollowerProcess(_world, $"node{i}", _world.NewClock(), _random.Fork(), disks));
        }

        foreach (SimProcess process in _world.Masters.Concat<SimProcess>(_world.Processes))
        {
            _world.Agenda.After(_random.Between(0, 500) * World.Ms, process.Start);
        }

        for (int i = 0; i < 2; i++)
        {
            // Its own numbers: who watches moves nobody else's.
            _world.Watchers.Add(new SimWatcher(_world, $"watcher{i}", new SimRandom(~_world.Seed + (ulong)i)));
            _world.Watchers[^1].Begin();
        }
    }

    /// <summary>The dead do not live for as long as leaders follow each other: each takes half a term off.</summary>
    private void EndThroughFailovers(SimFollower victim)
    {
        if (SessionOf(victim) is not { } session)
        {
            return;
        }

        // Of its own term: a longer one may be forgotten on the way.
        int leaderships = (int)(_world.Conditions.MaxTermMs / (session.Put.TermMs / 2)) + 3;
        int left = leaderships;
        _world.OnLeading = leader => Rule(leader, leader.MasterEpoch);
        void Rule(MasterProcess leader, ulong epoch) => _world.Agenda.After(ReignNs(), () =>
        {
            if (!leader.HasTable || leader.MasterEpoch != epoch)
            {
                // It has ended otherwise, sooner.
                return;
            }

            if (--left > 0)
            {
                Troubles.Depose(_world, leader);
            }
            else if (left == 0 && SessionOf(victim)?.Put.Key.Epoch == session.Put.Key.Epoch)
            {
                throw _world.Witness.Failure($"a dead session outlived {leaderships} leaderships of half a term each");
            }
        });
        _world.Agenda.RunUntil(_world.Agenda.NowNs + (leaderships * (ReignNs() + (3_000 * World.Ms))));
        _world.OnLeading = _ => { };

        // As it may have been promised, by a clock as slow as can be, and a little for the marks to be stored.
        uint HalfTermMs() => Math.Max(session.Put.TermMs, _world.Store.LengthenedTermMs) / 2;
        long ReignNs() => (300 * World.Ms) +
            (((HalfTermMs() * World.Ms) + _world.Conditions.PredecessorNs) * 1_000_000 / (1_000_000 - _world.Conditions.RateBoundPpm));
    }

    private StoredSession? SessionOf(SimFollower follower) =>
        _world.Store.Sessions.Values.FirstOrDefault(stored => stored.Put.Description.Identity == follower.Identity);

    private void RequireOrder(FollowerProcess dead)
    {
        string[] expected = [.. _world.Followers.Where(f => f.IsUp && f.Process != dead).Select(f => f.Identity).Order()];
        string[] stored = [.. _world.Store.Sessions.Values.Select(stored => stored.Put.Description.Identity).Order()];
        if (!expected.SequenceEqual(stored))
        {
            throw _world.Witness.Failure($"after a long quiet, {string.Join(' ', expected)} live and " +
                $"{string.Join(' ', stored)} have sessions");
        }

        foreach (SimFollower follower in _world.Followers.Where(f => f.IsUp && !f.WouldServe))
        {
            throw _world.Witness.Failure($"after a long quiet, {follower.Name} is {follower.State} and does not serve");
        }

        if (_world.Store.Leaderships < LeastLeaderships)
        {
            throw _world.Witness.Failure($"only {_world.Store.Leaderships} leaderships in the history");
        }
    }
}
