using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Leadership;

/// <summary>The host has an election of its own: <see cref="HostElection"/> says what follows from its word.</summary>
internal sealed class HostLeadership(HostWatch host, uint rateBoundPpm, BootTime time) : ILeadership
{
    private readonly HostElection _election = new();

    public bool IsElected => false;

    public bool IsOver => !MayAct(time.NowNs);

    public int Interruptions => 0;

    public string? Hint => null;

    public string? Trouble => null;

    public long PredecessorNs { get; } = Predecessor.OfHost(rateBoundPpm);

    public ulong GivenEpoch => _election.Epoch;

    public bool TryWin() => _election.TryWin(host.Word, time.NowNs);

    public bool MayAct(long nowNs) => _election.MayAct(host.Word, nowNs);

    public void GiveUp()
    {
        // It is the host's.
    }

    public void Dispose()
    {
        // The watch is the master's.
    }
}
