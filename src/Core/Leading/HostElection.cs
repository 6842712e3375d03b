namespace Interop.Sessions.Master;

/// <summary>The leadership of a master whose host has an election of its own, and passes its number in with each yes.</summary>
/// <remarks>It has no clock, thread, lock or I/O.</remarks>
public sealed class HostElection
{
    /// <summary>The number of the leadership that was won; 0: none was.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>The leadership is this master's if its host says yes.</summary>
    /// <exception cref="SessionException">InvalidArgument: the host says yes without a number.</exception>
    public bool TryWin(HostWord word, long nowNs)
    {
        if (!word.Leads(nowNs))
        {
            return false;
        }

        Epoch = word.Epoch is not 0 and <= Limits.MaxMasterEpoch ? word.Epoch : throw new SessionException(
            SessionStatus.InvalidArgument,
            $"CheckLeader said yes with epoch {word.Epoch}; where the host elects, it must pass the number of its " +
            $"leadership, 1 to {Limits.MaxMasterEpoch}");
        return true;
    }

    /// <summary>May it act on what it received at a time? Not by a yes of another leadership, of which its store knows nothing.</summary>
    public bool MayAct(HostWord word, long nowNs) => word.Leads(nowNs) && word.Epoch == Epoch;
}
