using System.Collections.Generic;
using System.Linq;
using System.Text;
using Google.Protobuf.Collections;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;
using WireKey = Interop.Sessions.Protocol.V1.SessionKey;

namespace Interop.Sessions.Master.Server;

/// <summary>Messages of a keep-alive stream, and what they ask and answer.</summary>
internal static class RenewalMessages
{
    private static readonly HashSet<ulong> s_none = [];

    internal static RenewalsAsked Of(KeepAliveRequest request) => new(
        KeysOf(request.Renewals), KeysOf(request.Inquiries), request.GateClosed.Count == 0 ? s_none : request.GateClosed.ToHashSet());

    internal static KeepAliveReply ToWire(ulong batchId, RenewalsAnswered answered, IReadOnlyList<AnsweredRenewal> answers)
    {
        KeepAliveReply reply = new()
        {
            BatchId = batchId,
            MasterEpoch = answered.MasterEpoch,
            LongestTermMs = answered.LongestTermMs,
            ClockRateBoundPpm = answered.ClockRateBoundPpm,
            LeaderHint = answered.LeaderHint,
        };
        // A reply that revokes all of a message's sessions would be larger than a follower takes with a text for each: the first
        // sessions have a text each, and the others are told by the status.
        int room = Limits.MaxReasonBytesPerReply;
        foreach (AnsweredRenewal answer in answers)
        {
            int size = answer.Text.Length == 0 ? 0 : Encoding.UTF8.GetByteCount(answer.Text);
            bool fits = size <= room;
            room -= fits ? size : 0;
            reply.Renewals.Add(ToWire(answer, fits ? answer.Text : ""));
        }

        return reply;
    }

    private static Sessions.SessionKey[] KeysOf(RepeatedField<WireKey> wire)
    {
        Sessions.SessionKey[] keys = wire.Count == 0 ? [] : new Sessions.SessionKey[wire.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = new Sessions.SessionKey(wire[i].SessionId, wire[i].Epoch, wire[i].Nonce);
        }

        return keys;
    }

    private static Renewal ToWire(AnsweredRenewal answer, string text) => new()
    {
        SessionId = answer.Key.SessionId,
        Epoch = answer.Key.Epoch,
        Nonce = answer.Key.Nonce,
        Status = (Status)answer.Status,
        TermMs = answer.TermMs,
        RenewalIntervalMs = answer.IntervalMs,
        Text = text,
        IsDraining = answer.IsDraining,
    };
}
