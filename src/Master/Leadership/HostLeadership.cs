using Interop.Sessions.Lease;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Leadership;

/// <summary>The host has an election of its own, and passes its number in with each yes of CheckLeader.</summary>
internal sealed class HostLeadership(HostWatch host, uint rateBoundPpm) : ILeadership
{
    private ulong _epoch;

    public bool IsElected => false;

    public bool IsOver => !MayAct(BootClock.NowNs);

    public int Interruptions => 0;

    public string? Hint => null;

    public string? Trouble => null;

    // Its host may have been deposed just after it said yes, and nobody knows how long it took to say it.
    public long PredecessorNs { get; } = LeaseArithmetic.PatienceNs(Limits.CheckLeaderAnswerMs, rateBoundPpm);

    public ulong? TryWin()
    {
        if (!host.Leads(BootClock.NowNs, out ulong epoch))
        {
            return null;
        }

        return epoch is 0 or > long.MaxValue
            ? throw new SessionException(
                SessionStatus.InvalidArgument,
                $"CheckLeader said yes with epoch {epoch}; where the host elects, it must pass the number of its " +
                $"leadership, 1 to {long.MaxValue}")
            : _epoch = epoch;
    }

    public bool MayAct(long nowNs) => host.Leads(nowNs, out ulong epoch) && epoch == _epoch;

    public void GiveUp()
    {
        // It is the host's.
    }

    public void Dispose()
    {
        // The watch is the master's.
    }
}
