using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Checks;

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

/// <summary>A leadership that was won.</summary>
/// <param name="Snapshot">What is stored.</param>
/// <param name="Number">Of the store's leaderships: where a host gives the master epoch, two may have the same.</param>
/// <param name="CreateRevision">Of the leader key; 0: there is none.</param>
internal sealed record WonLeadership(StoreSnapshot Snapshot, int Number, long CreateRevision);

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

    /// <summary>Until when somebody waits for an answer, longer than usual: a master asks for one thing after the other.</summary>
    private long _owesUntilNs;
    private StoreContent _content = new();
    private long _latestMs;
    private bool _hasGoneBack;
    private readonly StoreKey _key;
    private StoreUser? _leader;
    private ulong _leaderEpoch;

    /// <summary>What the key was created at that the leader has won by; 0: by none.</summary>
    private long _leaderRevision;
    private (StoreUser Master, ulong Epoch)? _latestGiven;

    internal SharedStore(World world, SimRandom random)
    {
        _world = world;
        _random = random;
        _clock = world.NewClock();
        _key = new StoreKey(_clock, world.Conditions.LeaderTermMs * World.Ms);
    }

    internal IReadOnlyDictionary<ulong, StoredSession> Sessions => _content.Sessions;

    internal IReadOnlyCollection<SessionEnd> Ends => _content.Ends;

    internal IReadOnlyCollection<Drain> Drains => _content.Drains;

    internal uint LengthenedTermMs => _content.LengthenedTermMs;

    /// <summary>What it has taken last of all that watches are told.</summary>
    internal StoredChange LastChange => _content.LastChange;

    /// <summary>How many there were: the number of the present one, whatever its master epoch.</summary>
    internal int Leaderships { get; private set; }

    internal ulong LeaderEpoch => _leaderEpoch;

    internal string? LeaderName => _leader?.Name;

    /// <summary>Another that led before; null: none has.</summary>
    internal string? FormerLeader { get; private set; }

    /// <summary>It answers all, and at once, and nothing that was asked before still waits.</summary>
    internal bool IsWell => FailPerMille == 0 && SlowestNs <= 3 * World.Ms && _cutOff.Count == 0 &&
        _world.Agenda.NowNs >= Math.Max(_hangsUntilNs, _owesUntilNs);

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
    /// <param name="master">Which asks.</param>
    /// <param name="givenEpoch">The number that its host gives; 0: nobody elects elsewhere.</param>
    /// <param name="leaseId">On which the leader key shall hang, where there is one.</param>
    /// <param name="answer">Hears of it.</param>
    internal void Campaign(StoreUser master, ulong givenEpoch, long leaseId, Action<StoreOutcome, WonLeadership?> answer) =>
        Request(master, answer, () =>
        {
            if (_world.Conditions.Election == Election.Key && !_key.TryCreate(leaseId))
            {
                return (StoreOutcome.NotLeader, null);
            }

            StoreSnapshot snapshot;
            try
            {
                snapshot = _content.Lead(RequestAt(master.UnixMs) with { MasterEpoch = givenEpoch });
            }
            catch (SessionException refusal) when (refusal.Status == SessionStatus.NotLeader)
            {
                return (StoreOutcome.NotLeader, null);
            }

            FormerLeader = LeaderName == master.Name || LeaderName == null ? FormerLeader : LeaderName;
            // A host that leads still says so with the same number, whatever has happened to its master or the store meanwhile.
            bool isAgain = givenEpoch != 0 && _latestGiven == (master, givenEpoch);
            _latestGiven = (master, givenEpoch);
            _leader = master;
            _leaderEpoch = snapshot.MasterEpoch;
            _leaderRevision = _key.Now?.CreateRevision ?? 0;
            Leaderships++;
            _world.Note($"{master.Name} leads with epoch {_leaderEpoch}");
            if (!isAgain)
            {
                _world.Witness.Leads(_leaderEpoch);
            }

            return (StoreOutcome.Done, new WonLeadership(snapshot, Leaderships, _leaderRevision));
        });

    /// <summary>A lease for the leader key.</summary>
    internal void Grant(StoreUser master, Action<StoreOutcome, long> answer) =>
        Request(master, answer, () => (StoreOutcome.Done, _key.Grant()));

    /// <summary>The leader's own keep-alive: moves its key to another lease. NotLeader: the key is as the answer says, or gone.</summary>
    internal void Move(StoreUser master, FoundKey believed, long leaseId, Action<StoreOutcome, FoundKey?> answer) =>
        Request(
            master, answer,
            () => _key.TryMove(believed, leaseId) ? (StoreOutcome.Done, null) : (StoreOutcome.NotLeader, _key.Now), LateAnswersPerMille);

    /// <summary>The key goes with its lease.</summary>
    internal void Revoke(StoreUser master, IEnumerable<long> leases)
    {
        long[] revoked = [.. leases];
        Request<bool>(master, (_, _) => { }, () =>
        {
            _key.Revoke(revoked);
            return (StoreOutcome.Done, true);
        });
    }

    /// <summary>Somebody ends the leadership in the store.</summary>
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
        Debug.Assert(ChangeRules.FaultOf(changes) == null, "a store was given what it cannot keep", ChangeRules.FaultOf(changes));
        if (SeeksBadMoments && master is MasterProcess process &&
            changes.OfType<StoreChange.PutState>().FirstOrDefault() is { } state && _random.Chance(400))
        {
            MeetBadMoment(process, isShorter: state.LengthenedTermMs < LengthenedTermMs);
        }

        // Where a host has said yes again with the same number, what was sent before is of another leadership.
        int leadership = Leaderships;
        Request(master, answer, () =>
        {
            if (!Leads(epoch) || Leaderships != leadership)
            {
                return (StoreOutcome.NotLeader, null);
            }

            int taken = Taken(changes.Count);
            Committing = new CommitRevisions(_content.Revision, revision);
            foreach (StoreChange change in changes.Take(taken).SelectMany(change => change.AsParts()))
            {
                _content.LastChange = _content.LastChange.Then(change, _content);
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
        content.LastChange.IsLast();
        _leader = null;
        _leaderEpoch = 0;
        _key.GoBack();
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

    private bool Leads(ulong epoch) => _leader != null && _leaderEpoch == epoch &&
        (_world.Conditions.Election != Election.Key || _key.Now?.CreateRevision == _leaderRevision);

    /// <summary>There and back again, if the way is free.</summary>
    private void Request<T>(StoreUser master, Action<StoreOutcome, T?> answer, Func<(StoreOutcome, T?)> act, int latePerMille = 0)
    {
        int run = master.Run;
        long arrivesNs = Math.Max(_world.Agenda.NowNs, _hangsUntilNs) + Latency();
        if (_hangsUntilNs > _world.Agenda.NowNs)
        {
            _owesUntilNs = Math.Max(_owesUntilNs, arrivesNs + SlowestNs);
        }

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
            if (patienceNs > SlowestNs)
            {
                _owesUntilNs = Math.Max(_owesUntilNs, _world.Agenda.NowNs + patienceNs);
            }

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
