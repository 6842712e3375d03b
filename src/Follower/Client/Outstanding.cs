using System;
using System.Collections.Generic;
using System.Threading;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Client;

/// <summary>The batches of one stream that are not answered yet.</summary>
internal sealed class Outstanding
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, SentBatch> _batches = [];
    private ulong _lastId;

    /// <summary>
    /// Builds the message of a batch and remembers its s: a clock that was read before. Time that renewals spent waiting for
    /// a stream takes nothing from the lease.
    /// </summary>
    internal KeepAliveRequest Register(List<PendingRenewal> batch, long sentNs)
    {
        uint shortestMs = uint.MaxValue;
        KeepAliveRequest request = new();
        Dictionary<ulong, PendingRenewal> unanswered = [];
        foreach (PendingRenewal renewal in batch)
        {
            shortestMs = Math.Min(shortestMs, renewal.IntervalMs);
            unanswered[renewal.Key.SessionId] = renewal;
            (renewal.IsInquiry ? request.Inquiries : request.Renewals).Add(new Protocol.V1.SessionKey
            {
                SessionId = renewal.Key.SessionId,
                Epoch = renewal.Key.Epoch,
                Nonce = renewal.Key.Nonce,
            });
        }

        lock (_lock)
        {
            request.BatchId = ++_lastId;
            _batches.Add(request.BatchId, new SentBatch(unanswered, sentNs, shortestMs) { LateNs = sentNs + (shortestMs * 1_000_000L) });
        }

        return request;
    }

    /// <summary>
    /// The message has been handed over: the answer has its time from here on. A first one waits for the connection to be dialled,
    /// which a far master must not be blamed for.
    /// </summary>
    internal void Written(ulong batchId, long nowNs)
    {
        lock (_lock)
        {
            if (_batches.TryGetValue(batchId, out SentBatch? batch))
            {
                batch.LateNs = Math.Max(batch.LateNs, nowNs + (batch.ShortestIntervalMs * 1_000_000L));
            }
        }
    }

    /// <summary>
    /// The renewals that are answered now, and their s. The rest waits for the master's store, and gets an interval more for
    /// that; an answer without anything that was asked for is no sign of life beyond that.
    /// </summary>
    internal List<(PendingRenewal Asked, Renewal Answer)> Answer(KeepAliveReply reply, out long sentNs)
    {
        List<(PendingRenewal Asked, Renewal Answer)> answered = [];
        sentNs = 0;
        lock (_lock)
        {
            if (!_batches.TryGetValue(reply.BatchId, out SentBatch? batch))
            {
                return answered;
            }

            sentNs = batch.SentNs;
            foreach (Renewal renewal in reply.Renewals)
            {
                if (batch.Unanswered.Remove(renewal.SessionId, out PendingRenewal asked))
                {
                    answered.Add((asked, renewal));
                }
            }

            batch.LateNs = batch.SentNs + (Limits.RenewalWaitIntervals * batch.ShortestIntervalMs * 1_000_000L);
            if (batch.Unanswered.Count == 0)
            {
                _batches.Remove(reply.BatchId);
            }
        }

        return answered;
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

    /// <summary>The renewals whose answer has not come; answers to them count for nothing from now on.</summary>
    internal List<PendingRenewal> TakeUnanswered()
    {
        List<PendingRenewal> unanswered = [];
        lock (_lock)
        {
            foreach (SentBatch batch in _batches.Values)
            {
                unanswered.AddRange(batch.Unanswered.Values);
            }

            _batches.Clear();
        }

        return unanswered;
    }

    /// <summary>A batch on its way.</summary>
    private sealed record SentBatch(Dictionary<ulong, PendingRenewal> Unanswered, long SentNs, uint ShortestIntervalMs)
    {
        /// <summary>When an answer is overdue.</summary>
        internal long LateNs { get; set; }
    }
}
