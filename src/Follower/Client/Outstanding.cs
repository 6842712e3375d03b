using System;
using System.Collections.Generic;
using System.Threading;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Client;

/// <summary>The batches of one stream that are not answered yet.</summary>
internal sealed class Outstanding
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, (long SentNs, long LateNs)> _batches = [];
    private ulong _lastId;

    /// <summary>
    /// Builds the message of a batch and remembers its s: the clock now, before it is built. Time that renewals spent
    /// waiting for a stream takes nothing from the lease.
    /// </summary>
    internal KeepAliveRequest Register(List<PendingRenewal> batch)
    {
        long sentNs = BootClock.NowNs;
        long lateNs = long.MaxValue;
        KeepAliveRequest request = new();
        foreach (PendingRenewal renewal in batch)
        {
            lateNs = Math.Min(lateNs, sentNs + (renewal.IntervalMs * 1_000_000L));
            request.Renewals.Add(new Protocol.V1.SessionKey
            {
                SessionId = renewal.Key.SessionId,
                Epoch = renewal.Key.Epoch,
                Nonce = renewal.Key.Nonce,
            });
        }

        lock (_lock)
        {
            request.BatchId = ++_lastId;
            _batches.Add(request.BatchId, (sentNs, lateNs));
        }

        return request;
    }

    /// <summary>The s of a batch that is answered now; false for an answer to nothing.</summary>
    internal bool TryTake(ulong batchId, out long sentNs)
    {
        lock (_lock)
        {
            bool isKnown = _batches.Remove(batchId, out (long SentNs, long LateNs) batch);
            sentNs = batch.SentNs;
            return isKnown;
        }
    }

    /// <summary>When the first answer will be overdue; without any batch never.</summary>
    internal long LateAtNs
    {
        get
        {
            lock (_lock)
            {
                long lateAtNs = long.MaxValue;
                foreach ((long _, long lateNs) in _batches.Values)
                {
                    lateAtNs = Math.Min(lateAtNs, lateNs);
                }

                return lateAtNs;
            }
        }
    }
}
