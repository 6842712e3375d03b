using System;

namespace Interop.Sessions.Master;

/// <content>Create.</content>
public sealed partial class SessionTable
{
    /// <summary>The term that a wish is granted: 0 means the default; the rest is clamped.</summary>
    public uint GrantTerm(uint wishedMs) =>
        Math.Clamp(wishedMs == 0 ? _settings.TermMs : wishedMs, _settings.MinTermMs, _settings.MaxTermMs);

    /// <summary>
    /// The session that an earlier call with the same nonce made and whose answer got lost, renewed; or null. Refuses an
    /// identity whose holder is another. Durable, as for a suspect.
    /// </summary>
    /// <exception cref="SessionException">IdentityInUse: another holder's lease still runs.</exception>
    public Session? FindCreated(string identity, ulong nonce, long nowNs)
    {
        if (!_byIdentity.TryGetValue(identity, out Session? session))
        {
            return null;
        }

        if (session.Key.Nonce != nonce || session.IsRevoked || session.IsCondemned)
        {
            // Only the end of the old lease proves that the old holder has stopped.
            long remainingMs = Math.Max(0, (session.DeadlineNs - nowNs) / 1_000_000);
            throw new SessionException(
                SessionStatus.IdentityInUse,
                $"identity '{identity}' is held by session {session.Key.SessionId:x16} for {remainingMs} ms more");
        }

        Extend(session, nowNs);
        ClearSuspect(session.Key);
        return session;
    }

    /// <summary>Makes a session whose lease runs from <paramref name="nowNs"/>.</summary>
    /// <exception cref="SessionException">IdentityInUse or TooManySessions.</exception>
    public Session Create(SessionItem item, ulong nonce, long nowNs)
    {
        if (FindCreated(item.Identity, nonce, nowNs) is { } existing)
        {
            return existing;
        }

        if (_byId.Count >= _settings.MaxSessions)
        {
            throw new SessionException(
                SessionStatus.TooManySessions, $"the master holds {_byId.Count} sessions, which is max_sessions");
        }

        uint termMs = GrantTerm(item.TermMs);
        SessionKey key = new(UnusedId(), ++Revision, nonce);
        Session session = new(key, item, termMs, _randomSecret());
        Extend(session, nowNs);
        Insert(session);
        RecordSession(session, () => Delete(session));
        return session;
    }

    private ulong UnusedId()
    {
        ulong id = _randomId();
        while (id == 0 || _byId.ContainsKey(id))
        {
            id = _randomId();
        }

        return id;
    }
}
