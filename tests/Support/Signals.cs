using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Tests.Support;

/// <summary>What a process is sent (signal(7)).</summary>
internal static partial class Signals
{
    internal const int Interrupt = 2;
    internal const int Terminate = 15;
    internal const int Continue = 18;
    internal const int Stop = 19;

    /// <exception cref="IOException">There is no such process.</exception>
    internal static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"cannot send signal {signal} to process {process}"));
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
