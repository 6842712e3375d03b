using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master;

/// <content>Keep-alive: memory only.</content>
public sealed partial class SessionMaster
{
    /// <summary>Renews a batch of sessions.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="receivedNs">p: the clock after the batch was received.</param>
    internal KeepAliveReply KeepAlive(KeepAliveRequest request, long receivedNs)
    {
        KeepAliveReply reply = new() { BatchId = request.BatchId, MasterEpoch = MasterEpoch };
        bool leads = _leadership.Leads;
        if (!leads)
        {
            reply.LeaderHint = _leadership.Hint ?? "";
        }

        lock (_tableLock)
        {
            foreach (Protocol.V1.SessionKey wire in request.Renewals)
            {
                Renewal renewal = new() { SessionId = wire.SessionId, Epoch = wire.Epoch, Nonce = wire.Nonce };
                uint termMs = 0;
                renewal.Status = (Status)(leads
                    ? _table.KeepAlive(new SessionKey(wire.SessionId, wire.Epoch, wire.Nonce), receivedNs, out termMs)
                    : SessionStatus.NotLeader);
                renewal.TermMs = termMs;
                reply.Renewals.Add(renewal);
            }
        }

        return reply;
    }
}
