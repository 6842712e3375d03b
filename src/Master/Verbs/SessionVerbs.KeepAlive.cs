using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Interop.Sessions.Lease;
using Interop.Sessions.Master.Writing;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Verbs;

/// <content>Keep-alive: memory only, but for sessions that the store calls suspect.</content>
internal sealed partial class SessionVerbs
{
    /// <summary>Renews a batch of sessions.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="receivedNs">p: the clock after the batch was received.</param>
    /// <param name="later">The answers that must wait until the store has forgotten a mark; null: there are none.</param>
    internal KeepAliveReply KeepAlive(KeepAliveRequest request, long receivedNs, out Task<KeepAliveReply>? later)
    {
        // With the p that the deadlines are counted from: what was received in time may be promised.
        Tenure? tenure = leadership.Acting(receivedNs);
        IReadOnlyList<SessionKey> keys = [.. request.Renewals.Select(FromWire)];
        if (tenure == null)
        {
            later = null;
            metrics.NoteRenewals(renewed: 0, refused: keys.Count);
            return NotLeader(request, keys);
        }

        KeepAliveReply reply = EmptyReply(request, tenure);
        TextRoom room = new();
        List<(SessionKey Key, KeepAliveVerdict Verdict)> suspects = [];
        int renewed = 0;
        tenure.KeepAlive(keys, receivedNs, (key, verdict) =>
        {
            renewed += verdict.Status == SessionStatus.Ok ? 1 : 0;
            if (verdict.IsSuspect)
            {
                suspects.Add((key, verdict));
            }
            else
            {
                reply.Renewals.Add(ToWire(key, verdict.Status, verdict.TermMs, room.Fit(verdict.Text)));
            }
        });
        metrics.NoteRenewals(renewed, keys.Count - renewed);
        tenure.Inquire(
            [.. request.Inquiries.Select(FromWire)], (key, status, text) => reply.Renewals.Add(ToWire(key, status, 0, room.Fit(text))));
        later = suspects.Count == 0 ? null : ClearSuspectsAsync(tenure, EmptyReply(request, tenure), suspects);
        return reply;
    }

    private static SessionKey FromWire(Protocol.V1.SessionKey wire) => new(wire.SessionId, wire.Epoch, wire.Nonce);

    private static KeepAliveReply EmptyReply(KeepAliveRequest request, Tenure tenure) =>
        new() { BatchId = request.BatchId, MasterEpoch = tenure.MasterEpoch, LongestTermMs = tenure.LongestTermMs };

    private KeepAliveReply NotLeader(KeepAliveRequest request, IEnumerable<SessionKey> keys)
    {
        KeepAliveReply reply = new() { BatchId = request.BatchId, LeaderHint = leadership.Refusal().LeaderHint ?? "" };
        reply.Renewals.AddRange(
            keys.Concat(request.Inquiries.Select(FromWire)).Select(key => ToWire(key, SessionStatus.NotLeader, 0)));
        return reply;
    }

    private static async Task<KeepAliveReply> ClearSuspectsAsync(
        Tenure tenure, KeepAliveReply reply, List<(SessionKey Key, KeepAliveVerdict Verdict)> suspects)
    {
        SessionStatus[] statuses = await Task
            .WhenAll(suspects.Select(suspect => tenure.ClearSuspectAsync(suspect.Key))).ConfigureAwait(false);
        foreach (((SessionKey key, KeepAliveVerdict verdict), SessionStatus status) in suspects.Zip(statuses))
        {
            reply.Renewals.Add(ToWire(key, status, verdict.TermMs));
        }

        return reply;
    }

    private static Renewal ToWire(SessionKey key, SessionStatus status, uint termMs, string text = "") => new()
    {
        SessionId = key.SessionId,
        Epoch = key.Epoch,
        Nonce = key.Nonce,
        Status = (Status)status,
        TermMs = status == SessionStatus.Ok ? termMs : 0,
        RenewalIntervalMs = termMs > 0 && status == SessionStatus.Ok ? RenewalPace.IntervalMs(termMs) : 0,
        Text = text,
    };

    /// <summary>
    /// A reply that revokes all of a message's sessions would be larger than a follower takes with a text for each: the first
    /// sessions have a text each, and the others are told by the status.
    /// </summary>
    private sealed class TextRoom
    {
        private int _left = Limits.MaxReasonBytesPerReply;

        internal string Fit(string text)
        {
            int size = Encoding.UTF8.GetByteCount(text);
            if (size > _left)
            {
                return "";
            }

            _left -= size;
            return text;
        }
    }
}
