using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Interop.Sessions.Follower;

/// <summary>What a reply means besides the answers for followers.</summary>
/// <param name="SentNs">s of the message that was answered.</param>
/// <param name="RenewedUntilNs">By when the next answer is to come, for <see cref="Endpoints.Renewed"/>; null: nothing was renewed.</param>
/// <param name="IsNews">The sender has another next step.</param>
public readonly record struct TakenReply(long SentNs, long? RenewedUntilNs, bool IsNews);

/// <content>What masters answer.</content>
public sealed partial class RenewalBook
{
    /// <summary>A message of the master: answers to a batch, or to some of it.</summary>
    /// <param name="line">Where it came.</param>
    /// <param name="batchId">Of which batch.</param>
    /// <param name="answers">The answers; only those that are for followers are left in it.</param>
    /// <param name="leaderHint">Whom the master names as the leader, if it does not lead; may be empty.</param>
    /// <param name="nowNs">The clock now.</param>
    public TakenReply Reply(RenewalLine line, ulong batchId, List<RenewalAnswer> answers, string? leaderHint, long nowNs)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(answers);
        if (line.Outstanding.Find(batchId) is not { } batch)
        {
            answers.Clear();
            return default;
        }

        Debug.Assert(batch.SentNs <= nowNs, "it was sent later than it is answered");
        uint intervalMs = 0;
        bool isRefused = false;
        int kept = 0;
        for (int i = 0; i < answers.Count; i++)
        {
            // What no master says is no answer: the batch is late for want of one, and another master is asked.
            if (!answers[i].IsOfAMaster || !batch.TryAnswer(answers[i].Key.SessionId, out PendingRenewal asked))
            {
                continue;
            }

            if (answers[i].Status == SessionStatus.NotLeader)
            {
                isRefused = true;
                _waiting.PutBack(asked);
                continue;
            }

            intervalMs = Math.Max(intervalMs, asked.IntervalMs);
            answers[kept++] = answers[i];
        }

        answers.RemoveRange(kept, answers.Count - kept);
        line.Outstanding.NoteAnswer(batch, isOfLeader: intervalMs > 0);
        return new TakenReply(
            batch.SentNs,
            intervalMs == 0 ? null : nowNs + (Limits.RenewalWaitIntervals * Ns.FromMs(intervalMs)),
            isRefused ? line.NoteRefusal(leaderHint) : intervalMs > 0 && line.NoteLeader());
    }
}
