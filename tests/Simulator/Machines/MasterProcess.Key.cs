using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <content>The leader key in a virtual etcd, by the product's <see cref="LeaderKey"/>: what EtcdLeadership asks, and in which order.</content>
internal sealed partial class MasterProcess
{
    private static LeaderKey NewKey(World world) => new(world.Conditions.LeaderTermMs, world.Conditions.RateBoundPpm);

    private void CampaignByKey()
    {
        // The key of an earlier leadership of its own, which could not be deleted then.
        World.Store.Revoke(this, _key.Leases);
        long sentNs = NowNs;
        World.Store.Grant(this, (outcome, leaseId) =>
        {
            if (outcome != StoreOutcome.Done)
            {
                _isCampaigning = false;
                return;
            }

            World.Store.Campaign(this, givenEpoch: 0, leaseId, (asked, won) =>
            {
                if (asked == StoreOutcome.Done)
                {
                    _key = NewKey(World);
                    _key.Created(leaseId, won!.CreateRevision, sentNs, NowNs);
                }
                else
                {
                    // It may have won and not know.
                    World.Store.Revoke(this, [leaseId]);
                }

                HearsOfCampaign(asked, won);
            });
        });
    }

    /// <summary>As the thread of EtcdLeadership, which asks for one thing after the other until the leadership is given up.</summary>
    private void ProlongLater(LeaderKey key, bool isProlonged)
    {
        if (!IsElected)
        {
            return;
        }

        AfterLocal(key.PauseMs(isProlonged) * World.Ms, () =>
        {
            if (key != _key || key.IsOver || (_leadership == null && _ending == null))
            {
                return;
            }

            if (key.MayProlong(StalledNs))
            {
                Prolong(key);
            }
            else
            {
                ProlongLater(key, isProlonged: false);
            }
        });
    }

    private void Prolong(LeaderKey key)
    {
        long sentNs = NowNs;
        World.Store.Grant(this, (granted, leaseId) =>
        {
            if (granted != StoreOutcome.Done || key.IsOver)
            {
                ProlongLater(key, isProlonged: false);
                return;
            }

            key.Moves(leaseId);
            World.Store.Move(this, new FoundKey(key.CreateRevision, key.LeaseId), leaseId, (moved, found) =>
            {
                if (key.IsOver)
                {
                    return;
                }

                if (moved == StoreOutcome.Done)
                {
                    key.Moved(leaseId, sentNs, NowNs);
                }
                else if (moved == StoreOutcome.NotLeader && !key.IsStill(found))
                {
                    StepSoon();
                    return;
                }

                ProlongLater(key, moved == StoreOutcome.Done);
            });
        });
    }

    private void GiveUpKey()
    {
        if (IsElected && !_key.IsOver)
        {
            _key.Ends();
            // The others see at once that it is gone, and not after its term.
            World.Store.Revoke(this, _key.Leases);
        }
    }
}
