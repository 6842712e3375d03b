using System.Threading;

namespace Interop.Sessions.Follower;

/// <content>The health gate: a server that hangs loses its lease, although its runtime is well.</content>
public sealed partial class SessionFollower
{
    /// <summary>
    /// The host vouches for itself for so long, in milliseconds; then renewals stop, and start again with the next report.
    /// 0: it is not well. <see cref="uint.MaxValue"/>: until it says otherwise, as at the beginning. A host calls this from
    /// what it watches, for example each time its disks have answered, with a few times its period.
    /// </summary>
    /// <exception cref="SessionException">Cancelled: the follower is closed.</exception>
    public void ReportHealth(uint healthyForMs)
    {
        lock (_gate)
        {
            // Written in the gate and in the lock of the renewals, so read in either.
            _manager.Vouch(_life.Health, _life.ReportHealth(healthyForMs, _manager.Time.NowNs));
            Monitor.PulseAll(_gate);
        }
    }
}
