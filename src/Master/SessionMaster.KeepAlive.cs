using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master;

/// <content>Keep-alive: memory only, but for sessions that the store calls suspect.</content>
public sealed partial class SessionMaster
{
    /// <summary>Renews a batch of sessions.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="receivedNs">p: the clock after the batch was received.</param>
    /// <param name="later">The answers that must wait until the store has forgotten a mark; null: there are none.</param>
    internal KeepAliveReply KeepAlive(KeepAliveRequest request, long receivedNs, out Task<KeepAliveReply>? later)
    {
        KeepAliveReply reply = EmptyReply(request);
        List<(SessionKey Key, KeepAliveVerdict Verdict)> suspects = [];
        bool leads = _leadership.Leads;
        if (!leads)
        {
            reply.LeaderHint = _leadership.Hint ?? "";
        }

        lock (_tableLock)
        {
            foreach (Protocol.V1.SessionKey wire in request.Renewals)
            {
                SessionKey key = new(wire.SessionId, wire.Epoch, wire.Nonce);
                KeepAliveVerdict verdict = leads
                    ? _table.KeepAlive(key, receivedNs)
                    : new KeepAliveVerdict(SessionStatus.NotLeader, 0, IsSuspect: false);
                if (verdict.IsSuspect)
                {
                    suspects.Add((key, verdict));
                }
                else
                {
                    reply.Renewals.Add(ToWire(key, verdict.Status, verdict.TermMs));
                }
            }
        }

        later = suspects.Count == 0 ? null : ClearSuspectsAsync(EmptyReply(request), suspects);
        return reply;
    }

    private KeepAliveReply EmptyReply(KeepAliveRequest request) =>
        new() { BatchId = request.BatchId, MasterEpoch = MasterEpoch };

    private async Task<KeepAliveReply> ClearSuspectsAsync(
        KeepAliveReply reply, List<(SessionKey Key, KeepAliveVerdict Verdict)> suspects)
    {
        SessionStatus[] statuses = await Task.WhenAll(suspects.Select(suspect => ClearSuspectAsync(suspect.Key)))
            .ConfigureAwait(false);
        foreach (((SessionKey key, KeepAliveVerdict verdict), SessionStatus status) in suspects.Zip(statuses))
        {
            reply.Renewals.Add(ToWire(key, status, verdict.TermMs));
        }

        return reply;
    }

    private async Task<SessionStatus> ClearSuspectAsync(SessionKey key)
    {
        try
        {
            return await _commits.WriteAsync(table =>
            {
                table.ClearSuspect(key);
                return SessionStatus.Ok;
            }).ConfigureAwait(false);
        }
        catch (SessionException failure)
        {
            return failure.Status;
        }
    }

    private static Renewal ToWire(SessionKey key, SessionStatus status, uint termMs) => new()
    {
        SessionId = key.SessionId,
        Epoch = key.Epoch,
        Nonce = key.Nonce,
        Status = (Status)status,
        TermMs = status == SessionStatus.Ok ? termMs : 0,
        RenewalIntervalMs = status == SessionStatus.Ok ? Math.Max(1, termMs / Limits.RenewalsPerTerm) : 0,
    };
}
