using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Protocol;

/// <summary>The file descriptors that the process may have. A NativeAOT program starts with the soft limit, often 1024.</summary>
public static partial class Descriptors
{
    private const int LimitOfDescriptors = 7;

    /// <summary>The soft limit.</summary>
    public static long Most => GetLimit(LimitOfDescriptors, out Limit limit) == 0 ? Clamp(limit.Soft) : 1024;

    /// <summary>How many are open.</summary>
    public static int Open => Directory.Exists("/proc/self/fd") ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : 0;

    /// <summary>Raises the soft limit to the hard one: for a program of its own, not inside another's process.</summary>
    public static void Raise()
    {
        if (GetLimit(LimitOfDescriptors, out Limit limit) == 0 && limit.Soft < limit.Hard)
        {
            limit.Soft = limit.Hard;
            // A process that may not raise the limit keeps what it has.
            _ = SetLimit(LimitOfDescriptors, in limit);
        }
    }

    private static long Clamp(nuint value) => value > int.MaxValue ? int.MaxValue : (long)value;

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
