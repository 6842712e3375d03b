using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>Reads a lease word as interop_sessions_lease_valid of the C header does.</summary>
internal static unsafe class LeaseReader
{
    internal static ulong Epoch(nint lease) => Volatile.Read(ref *(ulong*)lease);

    internal static long DeadlineNs(nint lease) => Volatile.Read(ref *(long*)(lease + sizeof(ulong)));

    internal static bool IsValid(nint lease, ulong epoch)
    {
        ulong before = Epoch(lease);
        long deadlineNs = DeadlineNs(lease);
        long nowNs = BootClock.NowNs;
        ulong after = Epoch(lease);
        return epoch != 0 && before == epoch && after == epoch && nowNs < deadlineNs;
    }
}
