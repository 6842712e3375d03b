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
        _ends.TryGetValue(sessionId, out (SessionEndReason Reason, string) end) ? end.Reason.Status() : SessionStatus.UnknownSession;

    /// <summary>Whose it was; null: that is not known.</summary>
    internal string? IdentityOf(ulong sessionId) =>
        _ends.TryGetValue(sessionId, out (SessionEndReason, string Identity) end) ? end.Identity : null;
}
