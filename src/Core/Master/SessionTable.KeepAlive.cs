using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <content>Keep-alive: memory only, O(1).</content>
public sealed partial class SessionTable
{
    /// <summary>Renews a session's lease, or says why not. Never throws: renewals come by the thousand.</summary>
    /// <param name="key">Who renews.</param>
    /// <param name="receivedNs">p: the clock after the request was received.</param>
    /// <param name="termMs">T: what the holder may count on from before it sent the request.</param>
    public SessionStatus KeepAlive(SessionKey key, long receivedNs, out uint termMs)
    {
        SessionStatus status = Check(key, out Session? session);
        termMs = 0;
        if (status == SessionStatus.Ok)
        {
            Extend(session!, receivedNs);
            termMs = session!.TermMs;
        }

        return status;
    }

    private static void Extend(Session session, long receivedNs) =>
        session.DeadlineNs = Math.Max(
            session.DeadlineNs, LeaseArithmetic.MasterDeadlineNs(receivedNs, session.TermMs));
}
