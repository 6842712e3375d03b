namespace Interop.Sessions.Follower;

/// <summary>
/// Until when the host of a follower vouches for itself. A renewal that waits for a stream carries this object and no copy of
/// the time, so that a later report of the host counts for that renewal too. The object is written under the lock of the
/// <see cref="RenewalBook"/>.
/// </summary>
public sealed class HostHealth
{
    /// <summary>For ever, unless the host says otherwise; 0: it is not well.</summary>
    public long UntilNs { get; set; } = long.MaxValue;
}
