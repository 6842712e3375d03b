using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Faults.Stage;

/// <summary>A line that a process printed, and when it was read.</summary>
internal readonly record struct Line(string Text, long AtNs);

/// <summary>A process whose standard output is read line by line. It dies with this program.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<Line> _lines = [];

    internal ChildProcess(IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new("setpriv", ["--pdeathsig", "KILL", .. command]) { RedirectStandardOutput = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new IOException($"cannot start {start.FileName}");
        new Thread(Read) { IsBackground = true, Name = "lines" }.Start();
    }

    internal bool HasEnded => _process.HasExited;

    /// <summary>What it printed so far.</summary>
    internal Line[] Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Its first line that begins so, once it is there.</summary>
    internal Line Find(string beginning)
    {
        Eventually.Is(() => Lines.Any(Begins), $"a line '{beginning}...'");
        return Lines.First(Begins);

        bool Begins(Line line) => line.Text.StartsWith(beginning, StringComparison.Ordinal);
    }

    /// <summary>Stops it where it stands; says when.</summary>
    internal DoneAt Stop() => Send(19);

    /// <summary>Lets a stopped process go on; says when.</summary>
    internal DoneAt Continue() => Send(18);

    /// <summary>Kills it; says when.</summary>
    internal DoneAt Kill()
    {
        DoneAt at = Send(9);
        _process.WaitForExit();
        return at;
    }

    /// <summary>Asks it to end and waits until it has; says when it was asked.</summary>
    internal DoneAt Terminate()
    {
        DoneAt at = Send(15);
        if (!_process.WaitForExit(Times.PatienceMs))
        {
            throw new BrokenExpectationException($"still running {Times.PatienceMs} ms after SIGTERM");
        }

        return at;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } text)
        {
            lock (_lock)
            {
                _lines.Add(new Line(text, BootClock.NowNs));
            }
        }
    }

    private DoneAt Send(int signal) => DoneAt.Of(() =>
    {
        if (SendSignal(_process.Id, signal) != 0)
        {
            throw new IOException($"cannot send signal {signal} to {_process.Id}");
        }
    });

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
