using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// Why the latest sessions ended, so that a holder who comes late hears EXPIRED or REVOKED and not just UNKNOWN. In
/// memory only: after a restart the answer is UNKNOWN, which is as final.
/// </summary>
internal sealed class EndedSessions
{
    private readonly Dictionary<ulong, (ulong Epoch, SessionEndReason Reason)> _reasons = [];
    private readonly Queue<ulong> _order = new();

    internal void Remember(SessionKey key, SessionEndReason reason)
    {
        if (_reasons.TryAdd(key.SessionId, (key.Epoch, reason)))
        {
            _order.Enqueue(key.SessionId);
        }

        if (_order.Count > Limits.MaxRememberedEnds)
        {
            _reasons.Remove(_order.Dequeue());
        }
    }

    /// <summary>What to tell somebody who asks for a session that is not in the table.</summary>
    internal SessionStatus StatusOf(ulong sessionId) =>
        !_reasons.TryGetValue(sessionId, out (ulong Epoch, SessionEndReason Reason) end)
            ? SessionStatus.UnknownSession
            : end.Reason switch
            {
                SessionEndReason.Expired => SessionStatus.SessionExpired,
                SessionEndReason.Revoked => SessionStatus.SessionRevoked,
                _ => SessionStatus.SessionClosed,
            };
}
