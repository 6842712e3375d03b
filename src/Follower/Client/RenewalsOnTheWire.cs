using System.Collections.Generic;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Client;

/// <summary>Batches of renewals and their answers, as messages.</summary>
internal static class RenewalsOnTheWire
{
    internal static KeepAliveRequest Request(RenewalBatch batch)
    {
        KeepAliveRequest request = new() { BatchId = batch.Id };
        foreach (PendingRenewal renewal in batch.Renewals)
        {
            (renewal.IsInquiry ? request.Inquiries : request.Renewals).Add(new Protocol.V1.SessionKey
            {
                SessionId = renewal.Key.SessionId,
                Epoch = renewal.Key.Epoch,
                Nonce = renewal.Key.Nonce,
            });
            if (renewal.IsGateClosed)
            {
                request.GateClosed.Add(renewal.Key.SessionId);
            }
        }

        return request;
    }

    internal static List<RenewalAnswer> Answers(KeepAliveReply reply)
    {
        List<RenewalAnswer> answers = new(reply.Renewals.Count);
        foreach (Renewal answer in reply.Renewals)
        {
            answers.Add(new RenewalAnswer(
                new SessionKey(answer.SessionId, answer.Epoch, answer.Nonce), reply.MasterEpoch, (SessionStatus)answer.Status,
                answer.TermMs, answer.RenewalIntervalMs, reply.LongestTermMs)
            {
                ClockRateBoundPpm = reply.ClockRateBoundPpm,
                Text = answer.Text,
                IsDraining = answer.IsDraining,
            });
        }

        return answers;
    }
}
