using System;
using System.Collections.Generic;

namespace Interop.Sessions.Follower;

/// <summary>
/// The renewals that wait for a stream, at most one a session: a follower that could not renew for an hour renews once afterwards,
/// or a restarted master would be stormed with all that was missed.
/// </summary>
internal sealed class WaitingRenewals
{
    private readonly Dictionary<SessionKey, PendingRenewal> _waiting = [];

    internal bool HasAny => _waiting.Count > 0;

    /// <summary>Adds one, in the place of an older one of the same session.</summary>
    internal void Add(PendingRenewal renewal) => _waiting[renewal.Key] = renewal;

    /// <summary>Takes as many as fit into one message, and forgets those that must not be sent any more.</summary>
    internal List<PendingRenewal> Take(long nowNs)
    {
        List<PendingRenewal> batch = [];
        foreach (PendingRenewal renewal in _waiting.Values)
        {
            if (renewal.MayBeSent(nowNs))
            {
                batch.Add(renewal);
            }

            _waiting.Remove(renewal.Key);
            if (batch.Count == Limits.MaxRenewalsPerMessage)
            {
                break;
            }
        }

        return batch;
    }

    /// <summary>A renewal that got no answer waits again, unless its follower has asked again meanwhile.</summary>
    internal void PutBack(PendingRenewal renewal) => _waiting.TryAdd(renewal.Key, renewal);

    /// <summary>What is left of the lease that ends first, of those that run, in milliseconds; null: nothing waits.</summary>
    internal long? LeastLeftMs(long nowNs)
    {
        if (_waiting.Count == 0)
        {
            return null;
        }

        long leastNs = long.MaxValue;
        foreach (PendingRenewal renewal in _waiting.Values)
        {
            if (renewal.DeadlineNs > nowNs)
            {
                leastNs = Math.Min(leastNs, renewal.DeadlineNs - nowNs);
            }
        }

        return leastNs == long.MaxValue ? 0 : Ns.ToMs(leastNs);
    }
}
