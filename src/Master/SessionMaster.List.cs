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
    };
}
