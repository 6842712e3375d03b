using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>List.</content>
public sealed partial class SessionTable
{
    /// <summary>Sessions in order of id, as durable: one that the batch makes is not there yet, one that it ends still is.</summary>
    /// <param name="fromSessionId">The first id that may come; 0: from the start.</param>
    /// <param name="limit">How many at most; 0: <see cref="Limits.DefaultSessionsPerPage"/>.</param>
    /// <param name="identityPrefix">
    /// What their identity begins with. Not more than <see cref="Limits.MaxSessionsSeenPerPage"/> sessions are looked at, so a page that
    /// is not full may be followed by another.
    /// </param>
    /// <param name="nextSessionId">Where the next page begins; 0: there is none.</param>
    public IReadOnlyList<Session> List(ulong fromSessionId, uint limit, string identityPrefix, out ulong nextSessionId)
    {
        SessionPage.RequireLimit(limit);
        int wanted = (int)(limit == 0 ? Limits.DefaultSessionsPerPage : limit);
        int mostSeen = identityPrefix.Length == 0 ? wanted : Limits.MaxSessionsSeenPerPage;
        List<Session> seen = DurableFrom(fromSessionId, mostSeen + 1);
        List<Session> page = [.. seen
            .Take(mostSeen)
            .Where(session => session.Description.Identity.StartsWith(identityPrefix, StringComparison.Ordinal))
            .Take(wanted + 1)];
        nextSessionId =
            page.Count > wanted ? page[^1].Key.SessionId
            : seen.Count > mostSeen ? seen[^1].Key.SessionId
            : 0;
        return page.Count > wanted ? page[..wanted] : page;
    }

    /// <summary>How many sessions there are, as durable.</summary>
    public int DurableCount =>
        _byId.Count - _madeInBatch.Count(_byId.ContainsKey) + _endedInBatch.Keys.Count(id => !_madeInBatch.Contains(id));

    /// <summary>The session that holds an identity, as durable, or null.</summary>
    public Session? FindDurable(string identity) =>
        _endedInBatch.Values
            .Select(end => end.Session)
            .FirstOrDefault(ended => ended.Description.Identity == identity && !_madeInBatch.Contains(ended.Key.SessionId)) ??
        (_byIdentity.GetValueOrDefault(identity) is { } holder && !_madeInBatch.Contains(holder.Key.SessionId) ? holder : null);

    /// <summary>The same of an id, or why there is none.</summary>
    /// <exception cref="SessionException">UnknownSession, or how it ended.</exception>
    public Session RequireDurable(ulong sessionId) =>
        FindDurable(sessionId) ?? throw Refusal(_ended.StatusOf(sessionId), new SessionKey(sessionId, 0, 0));

    /// <summary>A session as durable, or null.</summary>
    public Session? FindDurable(ulong sessionId) =>
        _madeInBatch.Contains(sessionId) ? null
        : _endedInBatch.TryGetValue(sessionId, out EndedSession? end) ? end.Session
        : _byId.GetValueOrDefault(sessionId);

    private List<Session> DurableFrom(ulong fromSessionId, int most)
    {
        List<Session> sessions = [.. _idsInOrder
            .GetViewBetween(fromSessionId, ulong.MaxValue)
            .Where(id => !_madeInBatch.Contains(id))
            .Take(most)
            .Select(id => _byId[id])];
        Session[] ending = [.. _endedInBatch
            .Where(end => end.Key >= fromSessionId && !_madeInBatch.Contains(end.Key))
            .Select(end => end.Value.Session)];
        return ending.Length == 0 ? sessions : [.. sessions.Concat(ending).OrderBy(session => session.Key.SessionId).Take(most)];
    }
}
