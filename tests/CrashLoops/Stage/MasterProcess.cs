using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Interop.Sessions.Faults.Stage;

namespace Interop.Sessions.CrashLoops.Stage;

/// <summary>One session-master, started again and again at the same address.</summary>
/// <param name="command">The program and its options.</param>
/// <param name="address">Where it listens.</param>
/// <param name="log">The file that its log is added to.</param>
internal sealed class MasterProcess(IReadOnlyList<string> command, string address, string log) : IDisposable
{
    /// <summary>Far more than a start takes, for a machine that has other work.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private ChildProcess? _process;

    internal string Address { get; } = address;

    internal bool IsUp => _process != null;

    /// <summary>Starts it, and waits for nothing.</summary>
    internal void Begin(IReadOnlyDictionary<string, string>? environment = null) =>
        _process = new ChildProcess(["sh", "-c", "exec \"$@\" 2>>\"$0\"", log, .. command], environment);

    /// <exception cref="BrokenExpectationException">It refuses, or hangs.</exception>
    internal void AwaitReady()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!_process!.Lines.Any(line => line.Text.StartsWith("ready ", StringComparison.Ordinal)))
        {
            if (_process.HasEnded || watch.Elapsed > s_patience)
            {
                throw new BrokenExpectationException($"no start within {watch.Elapsed}: {File.ReadLines(log).LastOrDefault()}");
            }

            Thread.Sleep(2);
        }
    }

    /// <summary>SIGKILL.</summary>
    internal void Kill()
    {
        _process!.Dispose();
        _process = null;
    }

    public void Dispose() => _process?.Dispose();
}
