namespace Interop.Sessions.Master.Leadership;

/// <summary>The only master of its store, which its lock keeps for it.</summary>
internal sealed class SoleLeadership(uint rateBoundPpm) : ILeadership
{
    public bool IsElected => false;

    public bool IsOver => false;

    public int Interruptions => 0;

    public string? Hint => null;

    public string? Trouble => null;

    public long PredecessorNs { get; } = Predecessor.OfFile(rateBoundPpm);

    public ulong GivenEpoch => 0;

    public bool TryWin() => true;

    public bool MayAct(long nowNs) => true;

    public void GiveUp()
    {
        // Nobody else can have it.
    }

    public void Dispose()
    {
        // This leadership holds nothing.
    }
}
