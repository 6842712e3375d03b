using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Protocol;

/// <summary>
/// The one clock of leases, on both sides: CLOCK_BOOTTIME. It runs on while the machine is suspended, as the other
/// side's does; Stopwatch and TickCount64 (CLOCK_MONOTONIC) stop, and a resumed holder would believe in a dead lease.
/// </summary>
public static partial class BootClock
{
    private const int ClockBoottime = 7;

    /// <summary>Nanoseconds since boot, suspend included.</summary>
    public static long NowNs
    {
        get
        {
            if (GetTime(ClockBoottime, out Timespec now) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            return checked((now.Seconds * Ns.PerSecond) + now.Nanoseconds);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out Timespec now);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
