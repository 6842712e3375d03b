using System;
using Interop.Sessions.Lease;
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
    private LeadershipLease _lease = new(world.Conditions.RateBoundPpm);
    private Leadership? _leadership;
    private bool _isCampaigning;
    private ulong _hookNumbers;

    /// <summary>What waits for it is being finished or refused; only then is it given up.</summary>
    private Leadership? _ending;
    private bool _resigns;

    /// <summary>The store has said that another leads.</summary>
    private bool _isDeposed;

    /// <summary>How often its host has said that it must not lead, and until when it says so.</summary>
    private int _noes;
    private long _hostSaysNoUntilNs;

    /// <summary>Has it a table? It may be too late already to act on it.</summary>
    internal bool HasTable => _leadership != null;

    internal ulong MasterEpoch { get; private set; }

    /// <summary>What its machine believes the date to be.</summary>
    internal WallClock Wall { get; } = new(world, random.Fork());

    internal override long UnixMs => Wall.UnixMs;

    bool IWriteStanding.IsLost => false;

    private int Interruptions => _lease.Interruptions + _noes;

    private bool IsOnly => World.Conditions.MasterCount == 1;

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
        if (IsUp && !IsOnly && _leadership != null)
        {
            World.Note($"{Name} resigns");
            End(resigns: true);
        }
    }

    /// <summary>CheckLeader says no for a while.</summary>
    internal void HostSaysNo(long forNs)
    {
        World.Note($"{Name}'s host says no for {forNs / World.Ms} ms");
        _hostSaysNoUntilNs = NowNs + forNs;
        _noes++;
        StepLeadership();
    }

    protected override void OnStart()
    {
        StepLeadership();
        StepLater();
    }

    protected override void OnCrash()
    {
        _leadership = null;
        _steps = new LeadershipSteps();
        _lease = new LeadershipLease(World.Conditions.RateBoundPpm);
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
                End(resigns: true);
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
        IsElected = !IsOnly,
        HostLeads = nowNs >= _hostSaysNoUntilNs,
        IsHeld = IsOnly || _lease.MayAct(nowNs),
        IsStoreSeen = true,
        IsOver = _isDeposed || _leadership?.Path.IsOver == true,
        Interruptions = Interruptions,
    };

    private void Campaign()
    {
        _isCampaigning = true;
        long sentNs = NowNs;
        World.Store.Campaign(this, (outcome, snapshot) =>
        {
            if (outcome == StoreOutcome.Done)
            {
                // Loading takes its time; only then is "now" taken, from which the old promises are counted.
                AfterLocal(random.Between(1, 100) * World.Ms, () => Lead(snapshot!, sentNs));
            }
            else
            {
                _heardOf = outcome == StoreOutcome.NotLeader ? World.Store.LeaderName : _heardOf;
                _isCampaigning = false;
            }
        });
    }

    private void Lead(StoreSnapshot snapshot, long sentNs)
    {
        _isCampaigning = false;
        _isDeposed = false;
        Prolong(sentNs);
        SessionTable table = Load(snapshot);
        Leadership leadership = new(table, new WritePath(table, this, ExpiriesPerCommit), snapshot.MasterEpoch, ++_hookNumbers);
        int interruptions = BeginLeasesAnew(leadership);
        MasterEpoch = leadership.Epoch;
        _leadership = leadership;
        _steps.Began(interruptions);
        TellBeginning(leadership);
        World.Witness.Loaded(table);
        World.OnLeading(this);
        ProlongLater(leadership);
        ExpireLater(leadership);
    }

    /// <summary>What masters have stored a master can load.</summary>
    private SessionTable Load(StoreSnapshot snapshot)
    {
        try
        {
            SessionTableSettings settings = World.Conditions.TableOf(random, World.Witness.Counts.WentBack > 0);
            return new SessionTable(settings, snapshot, random.Next, () => new UInt128(random.Next(), random.Next()), NowNs);
        }
        catch (SessionException refusal)
        {
            throw World.Witness.Failure(refusal.Message);
        }
    }

    private int BeginLeasesAnew(Leadership leadership)
    {
        int interruptions = Interruptions;
        leadership.Table.ExtendAll(NowNs);
        World.Witness.LeasesBegin(leadership.Epoch);
        return interruptions;
    }

    private void Prolong(long sentNs) => _lease.Prolong(sentNs, World.Conditions.LeaderTermMs, NowNs);

    private void ProlongLater(Leadership leadership)
    {
        if (IsOnly)
        {
            return;
        }

        AfterLocal(World.Conditions.LeaderTermMs * World.Ms / 4, () =>
        {
            if (_leadership != leadership && _ending != leadership)
            {
                return;
            }

            long sentNs = NowNs;
            World.Store.Prolong(this, leadership.Epoch, (outcome, _) =>
            {
                if (_leadership != leadership)
                {
                    return;
                }

                if (outcome == StoreOutcome.NotLeader)
                {
                    _isDeposed = true;
                    StepSoon();
                }
                else if (outcome == StoreOutcome.Done)
                {
                    Prolong(sentNs);
                }
            });
            ProlongLater(leadership);
        });
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
        _lease.End();
        _isDeposed = false;
        if (_resigns)
        {
            World.Store.Resign(leadership.Epoch);
            _steps.Resigned(NowNs);
        }
    }

    /// <summary>From its beginning to its end; what is in its memory is worth nothing to the next.</summary>
    private sealed class Leadership(SessionTable table, WritePath path, ulong epoch, ulong hookNumber)
    {
        internal SessionTable Table => table;

        internal WritePath Path => path;

        internal ulong Epoch => epoch;

        internal ulong HookNumber => hookNumber;

        internal WaitingOperations<TableOperation> Waiting { get; } = new(OperationsPerCommit);

        /// <summary>Is a batch of it decided, or at the store?</summary>
        internal bool IsWriting { get; set; }
    }
}
