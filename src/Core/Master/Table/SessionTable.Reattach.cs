using System;

namespace Interop.Sessions.Master;

/// <content>Re-attach: the holder's process was restarted, its session goes on.</content>
public sealed partial class SessionTable
{
    /// <summary>
    /// Gives a session to a new connection of its holder, renewed. From now on the former connection's requests are
    /// refused with WrongNonce: the newest wins. A secret is good for one connection, so that a former process's request
    /// that was long on its way does not win over the newest. A copy of the call is known by its connection. Durable.
    /// </summary>
    /// <exception cref="SessionException">The session's end, or WrongSecret.</exception>
    public Session Reattach(ulong sessionId, string identity, UInt128 secret, ToldConnection connection, long nowNs)
    {
        if (!_byId.TryGetValue(sessionId, out Session? session))
        {
            throw Refusal(StatusOfEnded(sessionId), new SessionKey(sessionId, 0, connection.Nonce));
        }

        bool isRepeated = session.Key.Nonce == connection.Nonce && session.SecretHash.Matches(connection.SecretHash);
        if (session.Description.Identity != identity || (!session.SecretHash.IsOf(secret) && !isRepeated))
        {
            throw new SessionException(
                SessionStatus.WrongSecret, $"session {sessionId:x16} is not that of '{identity}' with this secret");
        }

        SessionKey former = session.Key;
        SessionStatus status = Check(former, out _);
        if (status != SessionStatus.Ok)
        {
            throw Refusal(status, former);
        }

        Extend(session, nowNs);
        ClearSuspect(former);
        bool wasReattached = session.IsReattached;
        session.IsReattached = true;
        if (!isRepeated)
        {
            WriteLog writes = session.Writes;
            SecretHash shown = session.SecretHash;
            session.Key = former with { Nonce = connection.Nonce };
            session.SecretHash = connection.SecretHash;
            // The new connection counts from 1; what was stored for the former says nothing of it.
            session.Writes = WriteLog.Empty;
            RecordSession(
                session,
                () => (session.Key, session.SecretHash, session.Writes, session.IsReattached) = (former, shown, writes, wasReattached));
        }

        return session;
    }
}
