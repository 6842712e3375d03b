using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <content>The three ways to end: close, revoke, expire. The silence before an expiry is noted too.</content>
public sealed partial class SessionTable
{
    /// <summary>Has the last <see cref="Expire"/> not looked at all that may be due? Then it is to be called again at once.</summary>
    public bool MoreIsDue { get; private set; }

    /// <summary>
    /// The holder gives its session back; for a revoked session this is the acknowledgement. Closing a session that has ended
    /// already is fine: the call may be a repetition. On a store that was filled from an export a close proves nothing about a
    /// session of the export, which is revoked instead: such a session ends once all is over that it may have been promised.
    /// </summary>
    /// <exception cref="SessionException">WrongEpoch or WrongNonce: somebody else's session.</exception>
    public void Close(SessionKey key)
    {
        SessionStatus status = Check(key, out Session? session);
        switch (status)
        {
            case SessionStatus.WrongEpoch or SessionStatus.WrongNonce:
                throw Refusal(status, key);
            case SessionStatus.Ok or SessionStatus.SessionRevoked when session != null && _past.MayHaveLaterHolder(key):
                RevokeInBatch(session, "given back by its holder, and another may hold it");
                break;
            case SessionStatus.Ok:
                End(session!, SessionEndReason.Closed);
                break;
            case SessionStatus.SessionRevoked when session != null:
                End(session, SessionEndReason.Revoked);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Takes a session away. A revoked session is no longer renewed, but stays until its holder acknowledges or its lease runs
    /// out: before that, the holder may still serve, and its work must not be given on (promise P1).
    /// </summary>
    /// <param name="sessionId">Whose.</param>
    /// <param name="epoch">Of the session that is meant.</param>
    /// <param name="reason">For people: the holder is told. That of the first revocation stays.</param>
    /// <exception cref="SessionException">UnknownSession or how it ended; WrongEpoch; InvalidArgument or TooLong: the reason.</exception>
    public void Revoke(ulong sessionId, ulong epoch, string reason = "")
    {
        NamedText.Require("reason", reason, 0, Limits.MaxReasonBytes);
        SessionKey key = new(sessionId, epoch, 0);
        if (!_byId.TryGetValue(sessionId, out Session? session))
        {
            throw Refusal(StatusOfEnded(sessionId), key);
        }

        if (session.Key.Epoch != epoch || session.IsCondemned)
        {
            throw Refusal(session.IsCondemned ? SessionStatus.SessionExpired : SessionStatus.WrongEpoch, key);
        }

        RevokeInBatch(session, reason);
    }

    private void RevokeInBatch(Session session, string reason)
    {
        // A revocation counts from Accept on: a holder must not stop for a revocation that the store then does not take.
        if (session.IsRevoked || !_revokedInBatch.TryAdd(session, reason))
        {
            return;
        }

        try
        {
            RecordSession(session, () => { });
        }
        catch
        {
            // Without memory nothing is recorded, and the next revocation of this batch must not believe that it is.
            _revokedInBatch.Remove(session);
            throw;
        }
    }

    /// <summary>
    /// Ends sessions whose time has come, and notes of those that have been silent for half a term how long they may still
    /// live; at most <paramref name="most"/> together. Says how many. Renewals wait for the table meanwhile, so it looks at some
    /// thousands at a time only: see <see cref="MoreIsDue"/>.
    /// </summary>
    public int Expire(long nowNs, int most)
    {
        SweepAssignments();
        ChangeState(nowNs);
        List<Session> due = [];
        MoreIsDue = !_wheel.TakeDue(nowNs, most, Limits.MaxSessionsLookedAt, due);
        foreach (Session session in due)
        {
            if (nowNs >= session.DeadlineNs)
            {
                // Beyond recall: a renewal that comes during the commit must not be granted.
                session.IsCondemned = true;
                End(session, session.IsRevoked ? SessionEndReason.Revoked : SessionEndReason.Expired);
            }
            else
            {
                MarkSuspect(session, nowNs);
            }
        }

        return due.Count;
    }

    /// <summary>
    /// Each half term of silence is taken off what a successor will grant: otherwise sessions of dead holders would live for as
    /// long as leaders follow each other. The mark counts at once and stays if the store fails, since it is not known then what
    /// the store has.
    /// </summary>
    private void MarkSuspect(Session session, long nowNs)
    {
        session.MarkDueNs = nowNs + HalfOf(session.PromisedTermMs);
        _wheel.Add(session);
        // Rounded up: a successor must not be the earlier one.
        session.SuspectMs = (uint)Ns.ToMsUp(session.DeadlineNs - nowNs);
        RecordMark(session);
    }

    private void End(Session session, SessionEndReason reason, string text = "")
    {
        Delete(session);
        SessionEnd end = RecordOf(session, reason, reason == SessionEndReason.Revoked ? ReasonToRevoke(session) : text);
        _endLog.Add(end);
        _endedInBatch.Add(session.Key.SessionId, new EndedSession(session, end));
        StoreChange.RemoveSession removal = new(session.Key.SessionId, session.Key.Epoch)
        {
            Assignments = session.Assignments.Count,
            End = end,
        };
        Record(removal, () =>
        {
            _endLog.RemoveNewest();
            Insert(session);
        });
        Say(end.Revision, removal, session);
        TrimEnds();
    }
}
