using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <content>Leading, for the first time or again after an interruption.</content>
public sealed partial class SessionTable
{
    /// <summary>
    /// Nobody could renew for a while: every session gets the longest term that was ever promised, from now, and a suspect
    /// the time that it had left. Deadlines do not move back.
    /// </summary>
    public void ExtendAll(long nowNs)
    {
        foreach (Session session in _byId.Values)
        {
            Resume(session, nowNs);
        }
    }

    private void Resume(Session session, long nowNs)
    {
        uint promisedMs = DeliberateFaults.Has(DeliberateFault.FailoverWithoutLongestTerm) ? session.TermMs : _longestTermMs;
        long deadlineNs = LeaseArithmetic.MasterDeadlineNs(nowNs, session.SuspectMs ?? promisedMs);
        session.DeadlineNs = Math.Max(session.DeadlineNs, deadlineNs);
        session.MarkDueNs = Math.Max(session.MarkDueNs, nowNs + HalfOf(session.TermMs));
    }
}
