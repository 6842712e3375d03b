using System.Collections.Generic;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>The leader key of a virtual etcd, and the leases that it may hang on, by the clock of the store.</summary>
internal sealed class StoreKey(SimClock clock, long termNs)
{
    private readonly Dictionary<long, long> _endsNs = [];
    private FoundKey? _key;
    private long _leases;
    private long _revisions;

    /// <summary>As it is: it goes with its lease.</summary>
    internal FoundKey? Now => _key is { } key && _endsNs.TryGetValue(key.LeaseId, out long endsNs) && clock.NowNs < endsNs ? key : _key = null;

    internal long Grant()
    {
        _endsNs.Add(++_leases, clock.NowNs + termNs);
        return _leases;
    }

    internal void Revoke(IEnumerable<long> leases)
    {
        foreach (long lease in leases)
        {
            _endsNs.Remove(lease);
        }
    }

    /// <summary>Creates it, if there is none and the lease still runs.</summary>
    internal bool TryCreate(long leaseId)
    {
        if (Now != null || !IsRunning(leaseId))
        {
            return false;
        }

        _key = new FoundKey(++_revisions, leaseId);
        return true;
    }

    /// <summary>Moves it to another lease, if it is as the mover believes.</summary>
    internal bool TryMove(FoundKey believed, long leaseId)
    {
        if (Now != believed || !IsRunning(leaseId))
        {
            return false;
        }

        _key = believed with { LeaseId = leaseId };
        return true;
    }

    /// <summary>The store is put back: no key, and revisions are counted again, so that another's may have the same number.</summary>
    internal void GoBack()
    {
        _key = null;
        _revisions = 0;
    }

    private bool IsRunning(long leaseId) => _endsNs.TryGetValue(leaseId, out long endsNs) && clock.NowNs < endsNs;
}
