using System;
using Interop.Sessions.Lease;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>
/// A master around the product's <see cref="SessionTable"/>. It does what SessionMaster and CommitQueue do with threads and
/// sockets: decide, commit, accept, and only then answer.
/// </summary>
internal sealed partial class MasterProcess(World world, string name, SimClock clock, SimRandom random)
    : SimProcess(world, name, clock)
{
    private const long CampaignEveryNs = 150 * World.Ms;

    private SessionTable? _table;
    private ulong _masterEpoch;
    private LeadershipLease _leadership = new(world.Conditions.RateBoundPpm);

    /// <summary>Has it a table? It may be too late already to act on it.</summary>
    internal bool HasTable => _table != null;

    internal ulong MasterEpoch => _masterEpoch;

    /// <summary>What its machine believes the date to be.</summary>
    internal WallClock Wall { get; } = new(world, random.Fork());

    /// <summary>The rule of D_lead: a leader acts only while nobody else can.</summary>
    private bool Leads =>
        _table != null && (IsOnly || _leadership.MayAct(NowNs) || DeliberateFaults.Has(DeliberateFault.LeadershipNotChecked));

    private bool IsOnly => World.Conditions.MasterCount == 1;

    /// <summary>The next leader may come at once.</summary>
    internal void Resign()
    {
        if (IsUp && _table != null)
        {
            World.Note($"{Name} resigns");
            World.Store.Resign(_masterEpoch);
            StepDown(CampaignEveryNs * 4);
        }
    }

    protected override void OnStart() => Campaign();

    protected override void OnCrash() => Forget();

    private void Campaign()
    {
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
                AfterLocal(CampaignEveryNs, Campaign);
            }
        });
    }

    private void Lead(StoreSnapshot snapshot, long sentNs)
    {
        _masterEpoch = snapshot.MasterEpoch;
        NoteLeadership(sentNs);
        _table = Load(snapshot);
        World.Witness.Loaded(_table);
        World.OnLeading(this);
        ProlongLater(_masterEpoch);
        ExpireLater(_masterEpoch);
    }

    /// <summary>What masters have stored a master can load.</summary>
    private SessionTable Load(StoreSnapshot snapshot)
    {
        try
        {
            return new SessionTable(World.Conditions.Table, snapshot, random.Next, () => new UInt128(random.Next(), random.Next()), NowNs);
        }
        catch (SessionException refusal)
        {
            throw World.Witness.Failure(refusal.Message);
        }
    }

    private void NoteLeadership(long sentNs) => _leadership.Prolong(sentNs, World.Conditions.LeaderTermMs, NowNs);

    private void ProlongLater(ulong epoch)
    {
        if (IsOnly)
        {
            return;
        }

        AfterLocal(World.Conditions.LeaderTermMs * World.Ms / 4, () =>
        {
            if (_table == null || epoch != _masterEpoch)
            {
                return;
            }

            long sentNs = NowNs;
            World.Store.Prolong(this, epoch, (outcome, _) =>
            {
                if (outcome == StoreOutcome.NotLeader && epoch == _masterEpoch)
                {
                    StepDown(CampaignEveryNs);
                }
                else if (outcome == StoreOutcome.Done && epoch == _masterEpoch)
                {
                    NoteLeadership(sentNs);
                }
            });
            ProlongLater(epoch);
        });
    }

    private void StepDown(long campaignAfterNs)
    {
        if (_table != null)
        {
            World.Note($"{Name} steps down from epoch {_masterEpoch}");
            Forget();
            AfterLocal(campaignAfterNs, Campaign);
        }
    }

    private void Forget()
    {
        _table = null;
        _leadership = new LeadershipLease(World.Conditions.RateBoundPpm);
        _waiting.Clear();
        _isCommitting = false;
    }
}
