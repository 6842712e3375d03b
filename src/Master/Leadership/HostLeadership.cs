using Interop.Sessions.Lease;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Leadership;

/// <summary>The host has an election of its own, and passes its number in with each yes of CheckLeader.</summary>
internal sealed class HostLeadership(HostWatch host, uint rateBoundPpm, BootTime time) : ILeadership
{
    private ulong _epoch;

    public bool IsElected => false;

    public bool IsOver => !MayAct(time.NowNs);

    public int Interruptions => 0;

    public string? Hint => null;

    public string? Trouble => null;

    // The host may have been deposed just after it said yes, and how long it took to say so is not known.
    public long PredecessorNs { get; } = LeaseArithmetic.PatienceNs(Limits.CheckLeaderAnswerMs, rateBoundPpm);

    public ulong GivenEpoch => _epoch;

    public bool TryWin()
    {
        if (!host.Leads(time.NowNs, out ulong epoch))
        {
            return false;
        }

        _epoch = epoch is not 0 and <= long.MaxValue ? epoch : throw new SessionException(
            SessionStatus.InvalidArgument,
            $"CheckLeader said yes with epoch {epoch}; where the host elects, it must pass the number of its " +
            $"leadership, 1 to {long.MaxValue}");
        return true;
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
