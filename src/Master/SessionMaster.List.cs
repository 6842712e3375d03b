using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>List.</content>
public sealed partial class SessionMaster
{
    /// <summary>Sessions in order of id.</summary>
    /// <param name="fromSessionId">The first id that may come; 0: from the start.</param>
    /// <param name="limit">How many at most; 0: <see cref="Limits.DefaultSessionsPerPage"/>.</param>
    /// <exception cref="SessionException">InvalidArgument: the limit; NotLeader: another master may have them.</exception>
    public SessionPage ListSessions(ulong fromSessionId = 0, uint limit = 0) => RequireLeader().Look(table =>
    {
        IReadOnlyList<Session> sessions = table.List(fromSessionId, limit, out ulong nextSessionId);
        return new SessionPage([.. sessions.Select(session => RowOf(session, table.MasterEpoch))], nextSessionId);
    });

    /// <summary>How many sessions the list shows.</summary>
    /// <exception cref="SessionException">NotLeader.</exception>
    public int CountSessions() => RequireLeader().Look(table => table.DurableCount);

    /// <summary>What the list shows of one session.</summary>
    /// <exception cref="SessionException">UnknownSession or how it ended, NotLeader.</exception>
    public SessionRow GetSession(ulong sessionId) =>
        RequireLeader().Look(table => RowOf(table.RequireDurable(sessionId), table.MasterEpoch));

    /// <summary>The same of the session that an identity holds.</summary>
    /// <exception cref="SessionException">UnknownSession, NotLeader.</exception>
    public SessionRow FindSession(string identity) => RequireLeader().Look(table => table.FindDurable(identity) is { } session
        ? RowOf(session, table.MasterEpoch)
        : throw new SessionException(SessionStatus.UnknownSession, $"no session holds identity '{identity}'"));

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
