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
    private const int LostAnswersPerMille = 20;

    /// <summary>Of the commits that fail.</summary>
    private const int DividedPerMille = 500;

    /// <summary>Of those to a leader that prolongs: it may have lost the leadership when it hears that it has it.</summary>
    private const int LateAnswersPerMille = 30;

    private readonly World _world;
    private readonly SimRandom _random;
    private readonly SimClock _clock;
    private readonly HashSet<string> _cutOff = [];
    private long _hangsUntilNs;
    private StoreContent _content = new();
    private long _latestMs;
    private bool _hasGoneBack;
    private StoreUser? _leader;
    private ulong _leaderEpoch;
    private long _leaderUntilNs;

    internal SharedStore(World world, SimRandom random)
    {
        _world = world;
        _random = random;
        _clock = world.NewClock();
    }

    internal IReadOnlyDictionary<ulong, StoredSession> Sessions => _content.Sessions;

    internal uint LengthenedTermMs => _content.LengthenedTermMs;

    internal int Leaderships { get; private set; }

    internal ulong LeaderEpoch => _leaderEpoch;

    internal string? LeaderName => _leader?.Name;

    /// <summary>Another that led before; null: none has.</summary>
    internal string? FormerLeader { get; private set; }

    /// <summary>It answers all, and at once.</summary>
    internal bool IsWell => FailPerMille == 0 && SlowestNs <= 3 * World.Ms && _cutOff.Count == 0 && _world.Agenda.NowNs >= _hangsUntilNs;

    /// <summary>Until the quiet.</summary>
    internal bool SeeksBadMoments { get; set; } = true;

    internal int FailPerMille { get; set; }

    internal long SlowestNs { get; set; } = 3 * World.Ms;

    internal void Hang(long forNs)
    {
        _hangsUntilNs = _world.Agenda.NowNs + forNs;
        _world.Note($"the store hangs for {forNs / World.Ms} ms");
    }

    internal void CutOff(StoreUser master) => _cutOff.Add(master.Name);

    internal void Heal()
    {
        _cutOff.Clear();
        _hangsUntilNs = 0;
        FailPerMille = 0;
        SlowestNs = 3 * World.Ms;
    }

    /// <summary>Wins the leadership if nobody has it: numbers above all before.</summary>
    internal void Campaign(StoreUser master, Action<StoreOutcome, StoreSnapshot?> answer) =>
        Request(master, answer, () =>
        {
            if (_leader != null && _leader != master && _clock.NowNs < _leaderUntilNs)
            {
                return (StoreOutcome.NotLeader, null);
            }

            FormerLeader = LeaderName == master.Name || LeaderName == null ? FormerLeader : LeaderName;
            _leader = master;
            StoreSnapshot snapshot = _content.Lead(RequestAt(master.UnixMs));
            _leaderEpoch = snapshot.MasterEpoch;
            Leaderships++;
            ProlongLeader();
            _world.Note($"{master.Name} leads with epoch {_leaderEpoch}");
            _world.Witness.Leads(_leaderEpoch);
            return (StoreOutcome.Done, snapshot);
        });

    /// <summary>The leader's own keep-alive.</summary>
    internal void Prolong(StoreUser master, ulong epoch, Action<StoreOutcome, object?> answer) =>
        Request(master, answer, () =>
        {
            if (!Leads(epoch))
            {
                return (StoreOutcome.NotLeader, null);
            }

            ProlongLeader();
            return (StoreOutcome.Done, null);
        }, LateAnswersPerMille);

    internal void Resign(ulong epoch)
    {
        if (Leads(epoch))
        {
            _leader = null;
        }
    }

    /// <summary>The revisions of the commit that is applied just now, or was the last.</summary>
    internal CommitRevisions Committing { get; private set; }

    /// <summary>Only for the leader of that epoch. What belongs together is taken as a whole or not at all.</summary>
    internal void Commit(
        StoreUser master, ulong epoch, IReadOnlyList<StoreChange> changes, ulong revision,
        Action<StoreOutcome, object?> answer)
    {
        if (SeeksBadMoments && master is MasterProcess process &&
            changes.OfType<StoreChange.PutState>().FirstOrDefault() is { } state && _random.Chance(400))
        {
            MeetBadMoment(process, isShorter: state.LengthenedTermMs < LengthenedTermMs);
        }

        Request(master, answer, () =>
        {
            if (!Leads(epoch))
            {
                return (StoreOutcome.NotLeader, null);
            }

            int taken = Taken(changes.Count);
            Committing = new CommitRevisions(_content.Revision, revision);
            foreach (StoreChange change in changes.Take(taken).SelectMany(change => change.AsParts()))
            {
                _content.Apply(change, _world);
            }

            _content.Revision = taken > 0 ? Math.Max(_content.Revision, revision) : _content.Revision;
            return (taken == changes.Count ? StoreOutcome.Done : taken == 0 ? StoreOutcome.Failed : StoreOutcome.Unknown, null);
        });
    }

    /// <summary>A store that fails takes nothing, or, where a batch is several transactions for it, those up to one.</summary>
    private int Taken(int count)
    {
        if (!_random.Chance(FailPerMille))
        {
            return count;
        }

        int taken = _random.Chance(DividedPerMille) ? _random.Below(count) : 0;
        _world.Witness.Counts.Divided += taken > 0 ? 1 : 0;
        return taken;
    }

    internal StoreContent Copy() => _content.Copy();

    /// <summary>Something else is there in its place, and nobody leads.</summary>
    internal void GoBack(StoreContent content, bool isImport = false)
    {
        ulong lostRevision = _content.Revision;
        _content = content;
        _leader = null;
        _leaderEpoch = 0;
        _hasGoneBack = true;
        _world.Witness.WentBack(lostRevision, content, isImport);
    }

    /// <summary>An empty store is filled from an export.</summary>
    internal void Import(StoreContent export, WallClock wall)
    {
        _hasGoneBack = true;
        GoBack(StoreContent.Import(export, RequestAt(wall.UnixMs)), isImport: true);
    }

    /// <summary>
    /// The rule of P3: while a store remembers all leaderships the date does not matter; who puts an older one in its place
    /// sees to it that the date is later than at the beginning of each leadership before.
    /// </summary>
    private LeadRequest RequestAt(long unixMs)
    {
        long ms = _hasGoneBack ? Math.Max(unixMs, _latestMs + 1) : unixMs;
        _latestMs = Math.Max(_latestMs, ms);
        _hasGoneBack = false;
        return new LeadRequest { UnixMs = ms };
    }

    /// <summary>What is stored rarely meets a bad moment rarely: for a lengthened term it is sought.</summary>
    private void MeetBadMoment(MasterProcess master, bool isShorter)
    {
        long forNs = _random.Between(500, 4000) * World.Ms;
        if (isShorter)
        {
            // Another leads soon, and somebody whom the longer term was promised is not heard of meanwhile.
            FollowerProcess holder = _world.Processes[_random.Below(_world.Processes.Count)];
            holder.Pause((_world.Conditions.MaxTermMs * World.Ms) + forNs);
            _world.Agenda.After(_random.Between(5, 300) * World.Ms, () => Troubles.Depose(_world, master));
            return;
        }

        Hang(forNs);
        _world.Agenda.After(_random.Between(0, forNs / World.Ms) * World.Ms, master.Crash);
        _world.Agenda.After(forNs, master.Start);
    }

    private bool Leads(ulong epoch) => _leader != null && _leaderEpoch == epoch && _clock.NowNs < _leaderUntilNs;

    private void ProlongLeader() => _leaderUntilNs = _world.Conditions.MasterCount == 1
        ? long.MaxValue
        : _clock.NowNs + (_world.Conditions.LeaderTermMs * World.Ms);

    /// <summary>There and back again, if the way is free.</summary>
    private void Request<T>(StoreUser master, Action<StoreOutcome, T?> answer, Func<(StoreOutcome, T?)> act, int latePerMille = 0)
    {
        int run = master.Run;
        long arrivesNs = Math.Max(_world.Agenda.NowNs, _hangsUntilNs) + Latency();
        _world.Agenda.At(arrivesNs, () =>
        {
            // What a dying process had sent may have left the machine or not.
            bool isCut = _cutOff.Contains(master.Name);
            bool isSure = master.Run == run && master.IsUp && !isCut;
            (StoreOutcome outcome, T? result) = isSure || _random.Chance(500) ? act() : (StoreOutcome.Unknown, default);
            // An answer gets lost as well as a request.
            if (isCut || (FailPerMille > 0 && _random.Chance(LostAnswersPerMille)))
            {
                outcome = StoreOutcome.Unknown;
            }

            long patienceNs = outcome == StoreOutcome.Unknown ? 500 * World.Ms
                : SeeksBadMoments && _random.Chance(latePerMille) ? _random.Between(100, 4000) * World.Ms
                : Latency();
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
}
