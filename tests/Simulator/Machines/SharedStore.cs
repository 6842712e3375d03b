using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>What came of a request to the store.</summary>
internal enum StoreOutcome
{
    Done,

    /// <summary>Nothing was changed, and the master goes on.</summary>
    Failed,

    /// <summary>Nothing was changed: another leads.</summary>
    NotLeader,

    /// <summary>No answer: it may have happened or not.</summary>
    Unknown,
}

/// <summary>
/// What survives everybody, and says who leads: a virtual etcd (one machine of many masters), or the file of an only
/// master. It is slow, fails, hangs, and takes or loses what a dying master had sent it.
/// </summary>
internal sealed class SharedStore
{
    private readonly World _world;
    private readonly SimRandom _random;
    private readonly SimClock _clock;
    private readonly Dictionary<ulong, StoredSession> _sessions = [];
    private readonly HashSet<string> _cutOff = [];
    private long _hangsUntilNs;
    private ulong _revision;
    private StoreChange.PutState _state = new(0, IsRestored: false);
    private MasterProcess? _leader;
    private ulong _leaderEpoch;
    private long _leaderUntilNs;

    internal SharedStore(World world, SimRandom random)
    {
        _world = world;
        _random = random;
        _clock = world.NewClock();
    }

    internal IReadOnlyDictionary<ulong, StoredSession> Sessions => _sessions;

    internal int Leaderships { get; private set; }

    internal ulong LeaderEpoch => _leaderEpoch;

    internal int FailPerMille { get; set; }

    internal long SlowestNs { get; set; } = 3 * World.Ms;

    internal void Hang(long forNs)
    {
        _hangsUntilNs = _world.Agenda.NowNs + forNs;
        _world.Note($"the store hangs for {forNs / World.Ms} ms");
    }

    internal void CutOff(MasterProcess master) => _cutOff.Add(master.Name);

    internal void Heal()
    {
        _cutOff.Clear();
        _hangsUntilNs = 0;
        FailPerMille = 0;
        SlowestNs = 3 * World.Ms;
    }

    /// <summary>Wins the leadership if nobody has it: a new epoch.</summary>
    internal void Campaign(MasterProcess master, Action<StoreOutcome, StoreSnapshot?> answer) =>
        Request(master, answer, () =>
        {
            if (_leader != null && _leader != master && _clock.NowNs < _leaderUntilNs)
            {
                return (StoreOutcome.NotLeader, null);
            }

            _leader = master;
            _leaderEpoch = ++_revision;
            Leaderships++;
            ProlongLeader();
            _world.Note($"{master.Name} leads with epoch {_leaderEpoch}");
            return (StoreOutcome.Done, Snapshot());
        });

    /// <summary>The leader's own keep-alive.</summary>
    internal void Prolong(MasterProcess master, ulong epoch, Action<StoreOutcome, object?> answer) =>
        Request(master, answer, () =>
        {
            if (!Leads(epoch))
            {
                return (StoreOutcome.NotLeader, null);
            }

            ProlongLeader();
            return (StoreOutcome.Done, null);
        });

    internal void Resign(ulong epoch)
    {
        if (Leads(epoch))
        {
            _leader = null;
        }
    }

    /// <summary>All or nothing, and only for the leader of that epoch.</summary>
    internal void Commit(
        MasterProcess master, ulong epoch, IReadOnlyList<StoreChange> changes, ulong revision,
        Action<StoreOutcome, object?> answer) =>
        Request(master, answer, () =>
        {
            if (!Leads(epoch) && !DeliberateFaults.Has(DeliberateFault.MasterEpochNotCompared))
            {
                return (StoreOutcome.NotLeader, null);
            }

            if (_random.Chance(FailPerMille))
            {
                return (StoreOutcome.Failed, null);
            }

            foreach (StoreChange change in changes)
            {
                Apply(change);
            }

            _revision = Math.Max(_revision, revision);
            return (StoreOutcome.Done, null);
        });

    private bool Leads(ulong epoch) => _leader != null && _leaderEpoch == epoch && _clock.NowNs < _leaderUntilNs;

    private void ProlongLeader() => _leaderUntilNs = _world.Conditions.MasterCount == 1
        ? long.MaxValue
        : _clock.NowNs + (_world.Conditions.LeaderTermMs * World.Ms);

    /// <summary>There and back again, if the way is free.</summary>
    private void Request<T>(MasterProcess master, Action<StoreOutcome, T?> answer, Func<(StoreOutcome, T?)> act)
    {
        int run = master.Run;
        long arrivesNs = Math.Max(_world.Agenda.NowNs, _hangsUntilNs) + Latency();
        _world.Agenda.At(arrivesNs, () =>
        {
            // What a dying process had sent may have left the machine or not.
            bool arrives = master.Run == run && master.IsUp ? !_cutOff.Contains(master.Name) : _random.Chance(500);
            (StoreOutcome outcome, T? result) = arrives ? act() : (StoreOutcome.Unknown, default);
            if (_cutOff.Contains(master.Name))
            {
                outcome = StoreOutcome.Unknown;
            }

            long patienceNs = outcome == StoreOutcome.Unknown ? 500 * World.Ms : Latency();
            _world.Agenda.After(patienceNs, () =>
            {
                if (master.Run == run)
                {
                    master.Deliver(() => answer(outcome, result));
                }
            });
        });
    }

    private long Latency() => _random.Between(World.Ms / 5, SlowestNs);

    private StoreSnapshot Snapshot() => new()
    {
        MasterEpoch = _leaderEpoch,
        Revision = _revision,
        FormerRevision = _revision,
        LengthenedTermMs = _state.LengthenedTermMs,
        Content =
        [
            .. _sessions.Values.Select(stored => stored.Put),
            .. _sessions.Values.SelectMany(stored => stored.Items.Values),
        ],
    };

    private void Apply(StoreChange change)
    {
        switch (change)
        {
            case StoreChange.PutSession put when _sessions.TryGetValue(put.Key.SessionId, out StoredSession? stored):
                Require(put.Key.SessionId, put.Key.Epoch);
                _world.Witness.Counts.Reattached += stored.Put.Key == put.Key ? 0 : 1;
                if (put.SuspectMs != stored.Put.SuspectMs)
                {
                    _world.Note($"the store has {put.Item.Identity} epoch {put.Key.Epoch} suspect {put.SuspectMs}");
                }

                stored.Put = put;
                break;
            case StoreChange.PutSession put:
                _sessions.Add(put.Key.SessionId, new StoredSession(put));
                _world.Note($"the store has {put.Item.Identity} epoch {put.Key.Epoch}");
                _world.Witness.SessionStored(put);
                break;
            case StoreChange.RemoveSession remove:
                Require(remove.SessionId, remove.Epoch);
                _sessions.Remove(remove.SessionId);
                _world.Witness.SessionRemoved(remove.Epoch);
                break;
            case StoreChange.PutItem put:
                _sessions[put.SessionId].Items[put.Key] = put;
                break;
            case StoreChange.PutState put:
                _state = put;
                break;
            case StoreChange.RemoveItem remove:
                _sessions[remove.SessionId].Items.Remove(remove.Key);
                break;
            default:
                throw new InvalidOperationException($"the simulated store does not know {change}");
        }
    }

    private StoredSession Require(ulong sessionId, ulong epoch)
    {
        if (!_sessions.TryGetValue(sessionId, out StoredSession? stored) || stored.Put.Key.Epoch != epoch)
        {
            throw _world.Witness.Failure($"session {sessionId} of epoch {epoch} is to be changed, and the store has none");
        }

        return stored;
    }
}

/// <summary>A session as the store has it.</summary>
internal sealed class StoredSession(StoreChange.PutSession put)
{
    internal StoreChange.PutSession Put { get; set; } = put;

    internal Dictionary<string, StoreChange.PutItem> Items { get; } = [];
}
