using System.Runtime.InteropServices;

namespace Interop.Sessions.Follower.Lease;

/// <summary>Memory that a forked child finds zero-filled, whatever its parent wrote; never given back.</summary>
internal static unsafe partial class ForkedMemory
{
    private const int ReadAndWrite = 0x1 | 0x2;
    private const int PrivateAndAnonymous = 0x02 | 0x20;

    /// <summary>MADV_WIPEONFORK, since Linux 4.14: it holds for every way to fork, not only for the C library's.</summary>
    private const int WipeOnFork = 18;

    /// <summary>Maps whole pages of it, zero-filled.</summary>
    /// <exception cref="SessionException">OutOfResources.</exception>
    internal static byte* Map(nuint bytes)
    {
        byte* mapped = (byte*)MemoryMap(null, bytes, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        if (mapped == (byte*)-1)
        {
            throw new SessionException(
                SessionStatus.OutOfResources, $"no memory for lease words: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        // An older kernel refuses: a child that ignores that it is one goes by its parent's words then, as long as they last.
        _ = Advise(mapped, bytes, WipeOnFork);
        return mapped;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* MemoryMap(void* address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(void* address, nuint bytes, int advice);
}
