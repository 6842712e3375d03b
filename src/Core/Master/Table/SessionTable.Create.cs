using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>Create.</content>
public sealed partial class SessionTable
{
    private const string AbandonedText = "given up by its holder's process, which asked for a session anew";

    /// <summary>The term that a wish is granted: 0 means the default; the rest is clamped.</summary>
    public uint GrantTerm(uint wishedMs) =>
        Math.Clamp(wishedMs == 0 ? _settings.TermMs : wishedMs, _settings.MinTermMs, _settings.MaxTermMs);

    /// <summary>
    /// Is an identity free, by what is durable and by the batch that is being committed, and is the end of its last session
    /// told? This method only looks, and <see cref="Create"/> looks again.
    /// </summary>
    public bool IsFree(string identity, long nowNs) =>
        !_byIdentity.ContainsKey(identity) && FindDurable(identity) == null && !_untoldEnds.Contains(identity) &&
        _drains.Of(identity) == null && _past.ForgottenMs(nowNs) == 0;

    /// <summary>
    /// The session that an earlier call with the same nonce made and whose answer got lost, renewed; or null. Refuses an
    /// identity whose holder is another. Ends a session that the caller itself has abandoned: no follower holds it. Durable.
    /// </summary>
    /// <exception cref="SessionException">
    /// IdentityInUse: another holder's lease still runs, or may; Draining: the identity gets no session after the one that it has.
    /// </exception>
    public Session? FindCreated(string identity, ulong nonce, long nowNs, params IReadOnlyCollection<ulong> abandoned)
    {
        Session? session = _byIdentity.GetValueOrDefault(identity);
        bool isCallers = session?.Key.Nonce == nonce;
        bool isAbandoned = session != null && !isCallers && abandoned.Contains(session.Key.Nonce);
        bool isAnothers = session != null && !isCallers && !isAbandoned;
        if (!isAnothers)
        {
            // What the store has of the identity may be older than what somebody else was given since.
            RequireNotForgotten(identity, nowNs);
        }

        if (session is not { IsRevoked: false, IsCondemned: false } || !isCallers)
        {
            RequireNotDrained(identity);
        }

        if (session == null)
        {
            return null;
        }

        if (isAbandoned)
        {
            End(session, session.IsRevoked ? SessionEndReason.Revoked : SessionEndReason.Closed, AbandonedText);
            return null;
        }

        if (isAnothers || session.IsRevoked || session.IsCondemned)
        {
            // Only the end of the old lease proves that the old holder has stopped.
            uint remainingMs = (uint)Math.Clamp(Ns.ToMsUp(session.DeadlineNs - nowNs), 1, Limits.MaxTermMs);
            throw new SessionException(
                SessionStatus.IdentityInUse,
                $"identity '{identity}' is held by session {session.Key.SessionId:x16} of host '{session.Description.HostName}', " +
                $"process {session.Description.ProcessId}, for {remainingMs} ms more")
            {
                RetryAfterMs = remainingMs,
            };
        }

        Extend(session, nowNs);
        ClearSuspect(session.Key);
        return session;
    }

    /// <summary>
    /// Makes a session whose lease runs from <paramref name="nowNs"/>, with the items of the description, whose revision is its epoch.
    /// </summary>
    /// <exception cref="SessionException">IdentityInUse, Draining or TooManySessions; as for ApplyItems, naming the item.</exception>
    public Session Create(ServerDescription description, ToldConnection connection, long nowNs, params IReadOnlyCollection<ulong> abandoned)
    {
        if (FindCreated(description.Identity, connection.Nonce, nowNs, abandoned) is { } existing)
        {
            return existing;
        }

        if (_byId.Count >= _settings.MaxSessions)
        {
            throw new SessionException(
                SessionStatus.TooManySessions, $"the master holds {_byId.Count} sessions, which is max_sessions");
        }

        _quotas.Follow(_byId.Values);
        _quotas.RequireSession(description.Identity);
        IReadOnlyList<ItemChange> brought = ItemChanges.OfNew(description.Items);
        if (brought.Count > 0)
        {
            RequireMakeable(new SessionItems { Quotas = _quotas.Of(description.Identity) }, brought, ItemChanges.New);
        }

        uint termMs = GrantTerm(description.TermMs);
        SessionKey key = new(UnusedId(), ++Revision, connection.Nonce);
        Session session = new(key, description with { Items = [] }, termMs, connection.SecretHash) { CreatedNs = nowNs };
        Extend(session, nowNs);
        Insert(session);
        _madeInBatch.Add(key.SessionId);
        StoreChange made = WithItems(session, brought);
        Record(made, () => Delete(session));
        Say(key.Epoch, made, session);
        return session;
    }

    private void RequireNotForgotten(string identity, long nowNs)
    {
        uint remainingMs = _past.ForgottenMs(nowNs);
        if (remainingMs > 0)
        {
            throw new SessionException(
                SessionStatus.IdentityInUse,
                $"the store went back to an older state; a session of identity '{identity}' that it has forgotten may live for " +
                $"{remainingMs} ms more")
            {
                RetryAfterMs = remainingMs,
            };
        }
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
