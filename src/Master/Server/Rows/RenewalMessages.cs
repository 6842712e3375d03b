using System.Collections.Generic;
using System.Linq;
using System.Text;
using Google.Protobuf.Collections;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;
using WireKey = Interop.Sessions.Protocol.V1.SessionKey;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>Messages of a keep-alive stream, and what they ask and answer.</summary>
internal static class RenewalMessages
{
    private static readonly HashSet<ulong> s_none = [];

    internal static RenewalsAsked Of(KeepAliveRequest request, KnownNonces nonces) => new(
        KeysOf(request.Renewals, nonces), KeysOf(request.Inquiries, nonces), request.GateClosed.Count == 0 ? s_none : request.GateClosed.ToHashSet());

    internal static KeepAliveReply ToWire(ulong batchId, RenewalHead head, IReadOnlyList<AnsweredRenewal> answers)
    {
        KeepAliveReply reply = new()
        {
            BatchId = batchId,
            MasterEpoch = head.MasterEpoch,
            LongestTermMs = head.LongestTermMs,
            ClockRateBoundPpm = head.ClockRateBoundPpm,
            LeaderHint = head.LeaderHint,
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

    private static AskedKey[] KeysOf(RepeatedField<WireKey> wire, KnownNonces nonces)
    {
        AskedKey[] keys = wire.Count == 0 ? [] : new AskedKey[wire.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            Sessions.SessionKey shown = new(wire[i].SessionId, wire[i].Epoch, wire[i].Nonce);
            keys[i] = new AskedKey(shown with { Nonce = nonces.HashOf(shown.Nonce) }, shown);
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
