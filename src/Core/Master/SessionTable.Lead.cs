using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <content>Leading again after an interruption.</content>
public sealed partial class SessionTable
{
    /// <summary>
    /// Nobody could renew for a while: every session gets the longest term that was ever promised, from now. Deadlines do
    /// not move back.
    /// </summary>
    public void ExtendAll(long nowNs)
    {
        long deadlineNs = LeaseArithmetic.MasterDeadlineNs(nowNs, _longestTermMs);
        foreach (Session session in _byId.Values)
        {
            session.DeadlineNs = Math.Max(session.DeadlineNs, deadlineNs);
        }
    }
}
