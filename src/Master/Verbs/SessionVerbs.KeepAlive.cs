using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Writing;

namespace Interop.Sessions.Master.Verbs;

/// <content>Keep-alive: memory only, but for sessions that the store calls suspect.</content>
internal sealed partial class SessionVerbs
{
    /// <summary>Renews a batch of sessions.</summary>
    /// <param name="asked">The batch.</param>
    /// <param name="receivedNs">p: the clock after the batch was received.</param>
    /// <param name="peer">From where it came.</param>
    internal RenewalsAnswered KeepAlive(RenewalsAsked asked, long receivedNs, string peer)
    {
        // With the p that the deadlines are counted from: what was received in time may be promised.
        if (leadership.Acting(receivedNs) is not { } tenure)
        {
            metrics.NoteRenewals(renewed: 0, refused: asked.Renewals.Count);
            return new RenewalsAnswered([.. asked.Renewals.Concat(asked.Inquiries).Select(key => new AnsweredRenewal(key, SessionStatus.NotLeader))])
            {
                LeaderHint = leadership.Refusal().LeaderHint ?? "",
            };
        }

        List<AnsweredRenewal> answers = new(asked.Renewals.Count + asked.Inquiries.Count);
        List<AnsweredRenewal> suspects = [];
        List<long>? leftNs = metrics.WantsSlack ? [] : null;
        int renewed = 0;
        tenure.KeepAlive(asked.Renewals, receivedNs, peer, (key, verdict) =>
        {
            if (verdict.Status == SessionStatus.Ok)
            {
                renewed++;
                leftNs?.Add(verdict.LeftNs);
            }

            (verdict.IsSuspect ? suspects : answers).Add(AnsweredRenewal.Of(key, verdict));
        });
        metrics.NoteRenewals(renewed, asked.Renewals.Count - renewed);
        if (leftNs != null)
        {
            metrics.NoteSlack(leftNs);
        }

        if (asked.Inquiries.Count > 0)
        {
            tenure.Inquire(
                asked.Inquiries, asked.GateClosed, (key, status, text) => answers.Add(new AnsweredRenewal(key, status, Text: text)));
        }

        return new RenewalsAnswered(answers)
        {
            MasterEpoch = tenure.MasterEpoch,
            LongestTermMs = tenure.LongestTermMs,
            ClockRateBoundPpm = tenure.ClockRateBoundPpm,
            Later = suspects.Count == 0 ? null : ClearSuspectsAsync(tenure, suspects),
        };
    }

    private static async Task<List<AnsweredRenewal>> ClearSuspectsAsync(Tenure tenure, List<AnsweredRenewal> suspects)
    {
        SessionStatus[] statuses = await Task
            .WhenAll(suspects.Select(suspect => tenure.ClearSuspectAsync(suspect.Key))).ConfigureAwait(false);
        return [.. suspects.Zip(statuses, (suspect, status) => suspect.Behind(status))];
    }
}
