namespace Interop.Sessions.Master;

/// <summary>The rules of beginning, interrupting and ending a leadership.</summary>
/// <remarks>This class has no clock, thread, lock or I/O. The caller keeps calls from overlapping.</remarks>
public sealed class LeadershipSteps
{
    private long _notBeforeNs = long.MinValue;

    /// <summary>Has it a leadership, whether or not it may act on it just now?</summary>
    public bool Leads { get; private set; }

    /// <summary>Did it act at the last step?</summary>
    public bool WasActing { get; private set; }

    /// <summary>The interruptions up to the moment at which all leases began last.</summary>
    public int InterruptionsSeen { get; private set; }

    /// <summary>
    /// May sessions be expired? Not between an interruption, in which no session could be renewed, and the moment when all
    /// leases have begun again.
    /// </summary>
    /// <param name="mayAct">May the master act?</param>
    /// <param name="interruptions">As of the leadership, now.</param>
    /// <param name="interruptionsSeen"><see cref="InterruptionsSeen"/>.</param>
    public static bool MayExpire(bool mayAct, int interruptions, int interruptionsSeen) =>
        mayAct && interruptions == interruptionsSeen;

    /// <summary>What is next.</summary>
    public LeadershipStep Next(LeadershipSight sight, long nowNs)
    {
        if (!Leads)
        {
            // A master whose host does not want it to lead stands in no other master's way.
            return nowNs < _notBeforeNs || (sight.IsElected && !sight.HostLeads) ? LeadershipStep.None : LeadershipStep.Campaign;
        }

        return sight.IsOver ? LeadershipStep.EndLost
            : sight.IsElected && !sight.HostLeads ? LeadershipStep.EndForHost
            : sight.MayAct && InterruptionsSeen != sight.Interruptions ? LeadershipStep.BeginLeasesAnew
            : LeadershipStep.None;
    }

    /// <summary>A leadership was won, and all leases have begun again: no session could be renewed while the store was loaded.</summary>
    /// <param name="interruptions">As of the leadership, before the leases began.</param>
    public void Began(int interruptions)
    {
        Leads = true;
        WasActing = true;
        InterruptionsSeen = interruptions;
    }

    /// <summary>All leases have begun again.</summary>
    /// <param name="interruptions">As of the leadership, before they began.</param>
    public void LeasesBegan(int interruptions) => InterruptionsSeen = interruptions;

    /// <summary>The leadership is given up.</summary>
    public void Ended() => Leads = false;

    /// <summary>This master lets another have the leadership, and does not ask for it for a while.</summary>
    public void Resigned(long nowNs)
    {
        Leads = false;
        _notBeforeNs = nowNs + Ns.FromMs(Limits.ResignPauseMs);
    }

    /// <summary>Has a leader stopped acting since the last step, or begun again? Each change is told once.</summary>
    public bool Turns(bool mayAct)
    {
        if (!Leads || mayAct == WasActing)
        {
            return false;
        }

        WasActing = mayAct;
        return true;
    }
}
