using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// Why the latest sessions ended and whose they were, so that a holder that comes late hears EXPIRED or REVOKED, not just
/// UNKNOWN, and hears which process has its identity now. In memory only: after a restart the answer is UNKNOWN, which is as
/// final.
/// </summary>
internal sealed class EndedSessions
{
    private readonly Dictionary<ulong, (SessionEndReason Reason, string Identity)> _ends = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>What the holder of a session that ended so is told.</summary>
    internal static SessionStatus StatusOf(SessionEndReason reason) => reason switch
    {
        SessionEndReason.Expired => SessionStatus.SessionExpired,
        SessionEndReason.Revoked => SessionStatus.SessionRevoked,
        _ => SessionStatus.SessionClosed,
    };

    internal void Remember(Session session, SessionEndReason reason)
    {
        if (_ends.TryAdd(session.Key.SessionId, (reason, session.Description.Identity)))
        {
            _order.Enqueue(session.Key.SessionId);
        }

        if (_order.Count > Limits.MaxRememberedEnds)
        {
            _ends.Remove(_order.Dequeue());
        }
    }

    /// <summary>What a caller is told that asks for a session which is not in the table.</summary>
    internal SessionStatus StatusOf(ulong sessionId) =>
        _ends.TryGetValue(sessionId, out (SessionEndReason Reason, string) end) ? StatusOf(end.Reason) : SessionStatus.UnknownSession;

    /// <summary>Whose it was; null: that is not known.</summary>
    internal string? IdentityOf(ulong sessionId) =>
        _ends.TryGetValue(sessionId, out (SessionEndReason, string Identity) end) ? end.Identity : null;
}
