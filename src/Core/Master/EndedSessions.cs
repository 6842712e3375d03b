using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// Why the latest sessions ended, so that a holder who comes late hears EXPIRED or REVOKED and not just UNKNOWN. In
/// memory only: after a restart the answer is UNKNOWN, which is as final.
/// </summary>
internal sealed class EndedSessions
{
    private readonly Dictionary<ulong, SessionEndReason> _reasons = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>What the holder of a session that ended so is told.</summary>
    internal static SessionStatus StatusOf(SessionEndReason reason) => reason switch
    {
        SessionEndReason.Expired => SessionStatus.SessionExpired,
        SessionEndReason.Revoked => SessionStatus.SessionRevoked,
        _ => SessionStatus.SessionClosed,
    };

    internal void Remember(ulong sessionId, SessionEndReason reason)
    {
        if (_reasons.TryAdd(sessionId, reason))
        {
            _order.Enqueue(sessionId);
        }

        if (_order.Count > Limits.MaxRememberedEnds)
        {
            _reasons.Remove(_order.Dequeue());
        }
    }

    /// <summary>What to tell somebody who asks for a session that is not in the table.</summary>
    internal SessionStatus StatusOf(ulong sessionId) =>
        _reasons.TryGetValue(sessionId, out SessionEndReason reason) ? StatusOf(reason) : SessionStatus.UnknownSession;
}
