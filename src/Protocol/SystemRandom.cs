using System;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Protocol;

/// <summary>
/// Random numbers that cannot be guessed, from the kernel. The framework's generator would ask OpenSSL for them, and end the
/// process where there is none.
/// </summary>
public static partial class SystemRandom
{
    private const int InterruptedBySignal = 4;

    /// <summary>Fills a span.</summary>
    /// <exception cref="SessionException">OutOfResources: a sandbox, or a kernel that has none yet.</exception>
    public static void Fill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint count = GetRandom(ref MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, 0);
            if (count > 0)
            {
                bytes = bytes[(int)count..];
            }
            else if (Marshal.GetLastPInvokeError() != InterruptedBySignal)
            {
                throw new SessionException(
                    SessionStatus.OutOfResources,
                    $"the kernel gives no random numbers: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }
        }
    }

    /// <summary>A number of 64 bits.</summary>
    public static ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>For the connection that is to hold a session.</summary>
    public static OwnConnection NextConnection() => new(NextUInt64(), new UInt128(NextUInt64(), NextUInt64()));

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom(ref byte bytes, nuint size, uint flags);
}
