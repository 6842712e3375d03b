using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Client;

/// <summary>A batch of renewals on its way.</summary>
/// <param name="Renewals">What it renews.</param>
/// <param name="SentNs">s of all of them.</param>
/// <param name="LateNs">When its answer is overdue.</param>
internal readonly record struct SentBatch(List<PendingRenewal> Renewals, long SentNs, long LateNs);

/// <summary>The batches of one stream that are not answered yet.</summary>
internal sealed class Outstanding
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, SentBatch> _batches = [];
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
            _batches.Add(request.BatchId, new SentBatch(batch, sentNs, lateNs));
        }

        return request;
    }

    /// <summary>
    /// The batch that is answered now, in whole or in part; false for an answer to nothing. Once a part is answered the
    /// connection is well, and the rest waits for the master's store.
    /// </summary>
    internal bool TryAnswer(KeepAliveReply reply, out SentBatch batch)
    {
        lock (_lock)
        {
            if (!_batches.Remove(reply.BatchId, out batch))
            {
                return false;
            }

            if (reply.Renewals.Count < batch.Renewals.Count)
            {
                HashSet<ulong> answered = [.. reply.Renewals.Select(renewal => renewal.SessionId)];
                List<PendingRenewal> rest = [.. batch.Renewals.Where(sent => !answered.Contains(sent.Key.SessionId))];
                if (_batches.Count < Limits.MaxPartlyAnsweredBatches)
                {
                    _batches.Add(reply.BatchId, batch with { Renewals = rest, LateNs = long.MaxValue });
                }
            }

            return true;
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
                foreach (SentBatch batch in _batches.Values)
                {
                    lateAtNs = Math.Min(lateAtNs, batch.LateNs);
                }

                return lateAtNs;
            }
        }
    }

    /// <summary>The renewals whose answer has not come.</summary>
    internal List<PendingRenewal> Unanswered()
    {
        List<PendingRenewal> unanswered = [];
        lock (_lock)
        {
            foreach (SentBatch batch in _batches.Values)
            {
                unanswered.AddRange(batch.Renewals);
            }
        }

        return unanswered;
    }
}
