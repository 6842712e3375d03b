using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Verbs;

/// <content>List.</content>
internal sealed partial class SessionVerbs
{
    /// <summary>A page of sessions, for operators and the host.</summary>
    internal SessionPage ListSessions(ulong fromSessionId, uint limit, string identityPrefix) =>
        RequireLeader().Look(table => PageOf(table, fromSessionId, limit, identityPrefix));

    /// <summary>How many sessions the list shows.</summary>
    internal int CountSessions() => RequireLeader().Look(table => table.DurableCount);

    /// <summary>What the list shows of one session, for the host.</summary>
    internal SessionRow GetSession(ulong sessionId) =>
        RequireLeader().Look(table => RowOf(table.RequireDurable(sessionId), table.MasterEpoch));

    /// <summary>The same of the session that an identity holds.</summary>
    internal SessionRow FindSession(string identity) => RequireLeader().Look(table => RowOf(table, identity));

    /// <summary>A page of the ends that are kept, for operators.</summary>
    internal EndPage ListEnds(ulong fromRevision, uint limit, string identityPrefix, ulong sinceMs, out ulong masterEpoch)
    {
        long sinceUnixMs = sinceMs == 0 || sinceMs > long.MaxValue ? 0 : Math.Max(WallClock.UnixMs - (long)sinceMs, 0);
        (EndPage page, masterEpoch) = RequireLeader().Look(
            table => (table.ListEnds(new EndQuery(fromRevision, limit, identityPrefix, sinceUnixMs)), table.MasterEpoch));
        return page;
    }

    /// <summary>The sessions whose identity begins with a prefix, for a caller that holds a session.</summary>
    internal Task<SessionPage> ListSessionsAsync(
        SessionKey caller, ulong fromSessionId, uint limit, string identityPrefix, CancellationToken awaited) =>
        LookForAsync(caller, table => PageOf(table, fromSessionId, limit, identityPrefix), awaited);

    /// <summary>The session that an identity holds, for a caller that holds a session.</summary>
    internal Task<SessionRow> FindSessionAsync(SessionKey caller, string identity, CancellationToken awaited) =>
        LookForAsync(caller, table => RowOf(table, identity), awaited);

    /// <summary>The items of any session, for a caller that holds a session.</summary>
    internal Task<IReadOnlyList<Item>> ListSessionItemsAsync(
        SessionKey caller, ulong sessionId, string prefix, CancellationToken awaited) =>
        LookForAsync(caller, table => table.ListItems(sessionId, prefix), awaited);

    // A look shows what is durable; where the caller's own session is what is being committed, the look waits.
    private Task<T> LookForAsync<T>(SessionKey caller, Func<SessionTable, T> look, CancellationToken awaited) =>
        RequireLeader().LookAsync(
            table => table.IsSettled(caller.SessionId),
            table =>
            {
                table.RequireHeld(caller);
                return look(table);
            },
            awaited);

    private static SessionPage PageOf(SessionTable table, ulong fromSessionId, uint limit, string identityPrefix)
    {
        IReadOnlyList<Session> sessions = table.List(fromSessionId, limit, identityPrefix, out ulong nextSessionId);
        return new SessionPage([.. sessions.Select(session => RowOf(session, table.MasterEpoch))], nextSessionId);
    }

    private static SessionRow RowOf(SessionTable table, string identity) => table.FindDurable(identity) is { } session
        ? RowOf(session, table.MasterEpoch)
        : throw new SessionException(SessionStatus.UnknownSession, $"no session holds identity '{identity}'");

    private static SessionRow RowOf(Session session, ulong masterEpoch) => new()
    {
        SessionId = session.Key.SessionId,
        Epoch = session.Key.Epoch,
        MasterEpoch = masterEpoch,
        Description = session.Description,
        GrantedCapabilities = session.Grant?.Capabilities ?? session.Description.Capabilities,
        ReportWindow = session.Grant?.ReportWindow ?? default,
        TermMs = session.TermMs,
        DeadlineNs = session.DeadlineNs,
        ItemCount = session.ItemCount,
        Flags = session.Flags,
        CreatedNs = session.CreatedNs,
        RenewedNs = session.RenewedNs,
    };
}
