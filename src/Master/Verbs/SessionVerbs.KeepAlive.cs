using System.Collections.Generic;
using System.Linq;

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
            return new RenewalsAnswered(
                new RenewalHead { LeaderHint = leadership.Refusal().LeaderHint ?? "" },
                [.. asked.Renewals.Concat(asked.Inquiries).Select(key => new AnsweredRenewal(key.Shown, SessionStatus.NotLeader))]);
        }

        List<AnsweredRenewal> answers = new(asked.Renewals.Count + asked.Inquiries.Count);
        List<(SessionKey Key, AnsweredRenewal Answer)> suspects = [];
        List<long>? leftNs = metrics.WantsSlack ? [] : null;
        int renewed = 0;
        tenure.KeepAlive(asked.Renewals, receivedNs, peer, (key, verdict) =>
        {
            if (verdict.Status == SessionStatus.Ok)
            {
                renewed++;
                leftNs?.Add(verdict.LeftNs);
            }

            AnsweredRenewal answer = AnsweredRenewal.Of(key.Shown, verdict);
            if (verdict.IsSuspect)
            {
                suspects.Add((key.Key, answer));
            }
            else
            {
                answers.Add(answer);
            }
        });
        metrics.NoteRenewals(renewed, asked.Renewals.Count - renewed);
        if (leftNs != null)
        {
            metrics.NoteSlack(leftNs);
        }

        if (asked.Inquiries.Count > 0)
        {
            tenure.Inquire(
                asked.Inquiries, asked.GateClosed, (key, status, text) => answers.Add(new AnsweredRenewal(key.Shown, status, Text: text)));
        }

        RenewalHead head = new()
        {
            MasterEpoch = tenure.MasterEpoch,
            LongestTermMs = tenure.LongestTermMs,
            ClockRateBoundPpm = tenure.ClockRateBoundPpm,
        };
        return new RenewalsAnswered(head, answers) { Suspects = suspects, ClearAsync = tenure.ClearSuspectAsync };
    }
}
