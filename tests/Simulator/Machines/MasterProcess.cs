using System;
using System.Collections.Generic;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>
/// A master of the product's <see cref="SessionTable"/>, <see cref="WritePath"/> and <see cref="LeadershipSteps"/>. It decides nothing: it
/// carries out what they say, where SessionMaster does so with threads and sockets.
/// </summary>
internal sealed partial class MasterProcess(World world, string name, SimClock clock, SimRandom random)
    : StoreUser(world, name, clock), IWriteStanding
{
    private const long StepEveryNs = 50 * World.Ms;
    private const long CampaignEveryNs = 150 * World.Ms;

    private LeadershipSteps _steps = new();
    private LeaderKey _key = NewKey(world);
    private HostElection _hostElection = new();
    private Leadership? _leadership;
    private bool _isCampaigning;
    private ulong _hookNumbers;

    /// <summary>What waits for it is being finished or refused; only then is it given up.</summary>
    private Leadership? _ending;
    private bool _resigns;

    /// <summary>Has it a table? It may be too late already to act on it.</summary>
    internal bool HasTable => _leadership != null;

    internal ulong MasterEpoch { get; private set; }

    /// <summary>What its machine believes the date to be.</summary>
    internal WallClock Wall { get; } = new(world, random.Fork());

    internal override long UnixMs => Wall.UnixMs;

    bool IWriteStanding.IsLost => false;

    private int Interruptions => _key.Lease.Interruptions + _word.Interruptions;

    private bool IsElected => World.Conditions.Election == Election.Key;

    /// <summary>The host's election is its own; the lock of the store is whoever's runs.</summary>
    private bool IsHeldAt(long nowNs) => World.Conditions.Election switch
    {
        Election.Lock => true,
        Election.Host => _hostElection.MayAct(_word, nowNs),
        _ => _key.Lease.MayAct(nowNs),
    };

    bool IWriteStanding.MayAct(long nowNs) => SightAt(nowNs).MayAct;

    bool IWriteStanding.MayExpire(long nowNs) =>
        LeadershipSteps.MayExpire(Leads, Interruptions, _steps.InterruptionsSeen);

    /// <summary>Would it answer as a leader does, if it were asked now?</summary>
    internal bool Serves => IsUp && !IsPaused && Leads;

    /// <summary>Would it renew that session, and answer at once, or when the store has forgotten a mark?</summary>
    internal bool IsWellAt(string identity, SessionKey key, bool waitsForStore) =>
        _leadership?.Table.HolderOf(identity) is { IsRevoked: false, IsCondemned: false } session && session.Key == key &&
        (waitsForStore || session.SuspectMs == null);

    /// <summary>Has it a leadership that it may act on?</summary>
    private bool Leads => _leadership != null && SightAt(NowNs).MayAct;

    /// <summary>The next leader may come at once.</summary>
    internal void Resign()
    {
        if (IsUp && IsElected && _leadership != null)
        {
            World.Note($"{Name} resigns");
            End(resigns: true);
        }
    }

    protected override void OnStart()
    {
        AskHostLater(0);
        StepLeadership();
        StepLater();
    }

    protected override void OnCrash()
    {
        _leadership = null;
        _steps = new LeadershipSteps();
        _key = NewKey(World);
        _hostElection = new HostElection();
        _word = HostWord.None;
        _isCampaigning = false;
        _hostSaysNoUntilNs = 0;
        _ending = null;
        _hooks = new HookOrder<SimHook>();
    }

    /// <summary>What its leadership has come to is seen by another thread.</summary>
    private void StepSoon() => AfterLocal(random.Between(0, StepEveryNs), StepLeadership);

    private void StepLater() => AfterLocal(_leadership == null ? CampaignEveryNs : StepEveryNs, () =>
    {
        StepLeadership();
        StepLater();
    });

    private void StepLeadership()
    {
        if (_isCampaigning || _ending != null)
        {
            return;
        }

        switch (_steps.Next(SightAt(NowNs), NowNs))
        {
            case LeadershipStep.Campaign:
                Campaign();
                break;
            case LeadershipStep.EndLost:
                _leadership!.Path.End();
                End();
                break;
            case LeadershipStep.EndForHost:
                End();
                break;
            case LeadershipStep.BeginLeasesAnew:
                _steps.LeasesBegan(BeginLeasesAnew(_leadership!));
                break;
            default:
                break;
        }
    }

    private LeadershipSight SightAt(long nowNs) => new()
    {
        IsElected = IsElected,
        HostLeads = _word.Leads(nowNs),
        IsHeld = IsHeldAt(nowNs),
        IsStoreSeen = true,
        IsOver = _leadership?.Path.IsOver == true || (IsElected ? _key.IsOver : !IsHeldAt(NowNs)),
        Interruptions = Interruptions,
    };

    private void Campaign()
    {
        if (World.Conditions.Election == Election.Host && !_hostElection.TryWin(_word, NowNs))
        {
            return;
        }

        _isCampaigning = true;
        if (IsElected)
        {
            CampaignByKey();
        }
        else
        {
            World.Store.Campaign(this, _hostElection.Epoch, leaseId: 0, HearsOfCampaign);
        }
    }

    /// <summary>What the store says to one that has asked for the leadership.</summary>
    private void HearsOfCampaign(StoreOutcome outcome, WonLeadership? won)
    {
        if (outcome == StoreOutcome.Done)
        {
            // Loading takes its time; only then is "now" taken, from which the old promises are counted.
            AfterLocal(random.Between(1, 100) * World.Ms, () => Lead(won!));
        }
        else
        {
            _heardOf = outcome == StoreOutcome.NotLeader ? World.Store.LeaderName : _heardOf;
            _isCampaigning = false;
        }
    }

    private void Lead(WonLeadership won)
    {
        StoreSnapshot snapshot = won.Snapshot;
        _isCampaigning = false;
        SessionTable table = Load(snapshot);
        Leadership leadership = new(table, new WritePath(table, this, ExpiriesPerCommit), snapshot.MasterEpoch, won.Number, ++_hookNumbers);
        int interruptions = BeginLeasesAnew(leadership);
        MasterEpoch = leadership.Epoch;
        _leadership = leadership;
        _steps.Began(interruptions);
        TellBeginning(leadership);
        World.Witness.Loaded(table);
        World.OnLeading(this);
        ProlongLater(_key, isProlonged: true);
        ExpireLater(leadership);
    }

    /// <summary>What masters have stored a master can load.</summary>
    private SessionTable Load(StoreSnapshot snapshot)
    {
        try
        {
            SessionTableSettings settings = World.Conditions.TableOf(random, World.Witness.Counts.WentBack > 0);
            return new SessionTable(settings, snapshot, random.Next, NowNs);
        }
        catch (SessionException refusal)
        {
            throw World.Witness.Failure(refusal.Message);
        }
    }

    private int BeginLeasesAnew(Leadership leadership)
    {
        int interruptions = Interruptions;
        leadership.Table.ExtendAll(NowNs + World.Conditions.PredecessorNs);
        World.Witness.LeasesBegin(leadership.Number);
        return interruptions;
    }

    /// <summary>As the disposal of a tenure: what waits is finished, or refused where the leadership is lost.</summary>
    private void End(bool resigns = false)
    {
        Leadership leadership = _leadership!;
        World.Note($"{Name} steps down from epoch {leadership.Epoch}");
        _resigns = resigns;
        _ending = leadership;
        _leadership = null;
        _steps.Ended();
        WriteNext(leadership);
    }

    /// <summary>Nothing of it is in progress: another may have it.</summary>
    private void Ended(Leadership leadership)
    {
        TellEnd(leadership);
        GiveUpKey();
        if (_resigns)
        {
            _steps.Resigned(NowNs);
        }
    }

    /// <summary>From its beginning to its end; what is in its memory is worth nothing to the next.</summary>
    private sealed class Leadership(SessionTable table, WritePath path, ulong epoch, int number, ulong hookNumber)
    {
        internal SessionTable Table => table;

        internal WritePath Path => path;

        internal ulong Epoch => epoch;

        /// <summary>Of the store's leaderships.</summary>
        internal int Number => number;

        internal ulong HookNumber => hookNumber;

        internal WaitingOperations<TableOperation> Waiting { get; } = new(OperationsPerCommit);

        /// <summary>When the write was sent that has no outcome yet; null: there is none.</summary>
        internal long? CommittingSinceNs { get; set; }

        internal SuspectClears<List<Action<SessionStatus>>> Clears { get; } = new();

        /// <summary>Is a batch of it decided, or at the store?</summary>
        internal bool IsWriting { get; set; }
    }
}
