using System.Diagnostics;
using System.IO;

namespace Interop.Sessions.Faults.Stage;

/// <summary>A command of the system that does its work and ends.</summary>
internal static class Command
{
    /// <summary>Runs it; the words are separated by blanks.</summary>
    /// <exception cref="IOException">It failed.</exception>
    internal static void Run(string words)
    {
        string[] command = words.Split(' ');
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new IOException($"cannot start {command[0]}");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException($"{words}: {error.Trim()}");
        }
    }
}
