using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Follower;

/// <summary>The batches of one line that are not answered yet.</summary>
internal sealed class Outstanding
{
    private readonly Dictionary<ulong, RenewalBatch> _batches = [];
    private ulong _lastId;

    /// <summary>When the first answer will be overdue; without any batch never.</summary>
    internal long LateAtNs
    {
        get
        {
            long lateAtNs = long.MaxValue;
            foreach (RenewalBatch batch in _batches.Values)
            {
                lateAtNs = Math.Min(lateAtNs, batch.LateNs);
            }

            return lateAtNs;
        }
    }

    /// <summary>
    /// A batch goes out, with its s. What waits for the master's store and is asked for again is given up: a store that hangs leaves no
    /// more than one a session.
    /// </summary>
    internal RenewalBatch Register(List<PendingRenewal> renewals, long sentNs)
    {
        foreach (RenewalBatch earlier in _batches.Values.Where(batch => batch.WaitsForStore).ToList())
        {
            renewals.ForEach(renewal => earlier.Forget(renewal.Key.SessionId));
            ForgetIfAnswered(earlier);
        }

        RenewalBatch batch = new(++_lastId, renewals, sentNs);
        _batches.Add(batch.Id, batch);
        return batch;
    }

    /// <summary>The batch that an answer is to; null: it was never sent, was given up, or is answered already.</summary>
    internal RenewalBatch? Find(ulong batchId) => _batches.GetValueOrDefault(batchId);

    /// <summary>An answer to a batch was taken.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="isOfLeader">It answered something as a leader does.</param>
    internal void NoteAnswer(RenewalBatch batch, bool isOfLeader)
    {
        batch.Answered();
        ForgetIfAnswered(batch);
        if (isOfLeader)
        {
            foreach (RenewalBatch earlier in _batches.Values.Where(earlier => earlier.IsAnsweredInPart))
            {
                earlier.MasterRenews(batch.SentNs);
            }
        }
    }

    private void ForgetIfAnswered(RenewalBatch batch)
    {
        if (batch.Unanswered.Count == 0)
        {
            _batches.Remove(batch.Id);
        }
    }

    /// <summary>The renewals whose answer has not come; answers to them count for nothing from now on.</summary>
    internal List<PendingRenewal> TakeUnanswered()
    {
        List<PendingRenewal> unanswered = [];
        foreach (RenewalBatch batch in _batches.Values)
        {
            unanswered.AddRange(batch.Unanswered);
        }

        _batches.Clear();
        return unanswered;
    }
}
