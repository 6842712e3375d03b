using System.Threading;

namespace Interop.Sessions.Follower;

/// <summary>
/// Until when the host of a follower vouches for itself. A renewal that waits for a stream carries this and no copy of the time, so
/// that a later word of the host counts for it too.
/// </summary>
internal sealed class HostHealth
{
    private long _untilNs = long.MaxValue;

    internal long UntilNs
    {
        get => Volatile.Read(ref _untilNs);
        set => Volatile.Write(ref _untilNs, value);
    }
}
