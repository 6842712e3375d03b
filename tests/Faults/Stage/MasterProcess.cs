using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Interop.Sessions.Faults.Stage;

/// <summary>The end of a session, as the master's SessionEnded heard of it.</summary>
internal readonly record struct Ended(string Reason, string Identity, ulong Epoch, long AtNs);

/// <summary>A master_host: a master in a process of its own that can come back on the same port and store.</summary>
internal sealed class MasterProcess : IDisposable
{
    private readonly Func<string, ChildProcess> _start;
    private readonly string _host;
    private readonly List<Line> _past = [];
    private int _port;

    /// <summary>Starts one.</summary>
    /// <param name="start">Starts the program on an address.</param>
    /// <param name="host">The host part of it.</param>
    internal MasterProcess(Func<string, ChildProcess> start, string host)
    {
        _start = start;
        _host = host;
        (Process, ReadyNs) = Start();
    }

    internal ChildProcess Process { get; private set; }

    internal string Endpoint => $"{_host}:{_port}";

    /// <summary>When it served, at its last start.</summary>
    internal long ReadyNs { get; private set; }

    /// <summary>The ends of sessions that any of its lives told.</summary>
    internal Ended[] Ends =>
        [.. _past.Concat(Process.Lines).Select(EndOf).Where(end => end != null).Select(end => end!.Value)];

    internal DoneAt Kill()
    {
        DoneAt at = Process.Kill();
        _past.AddRange(Process.Lines);
        Process.Dispose();
        return at;
    }

    internal void Restart() => (Process, ReadyNs) = Start();

    /// <summary>When it ended the first session of an identity, once it did.</summary>
    internal Ended AwaitEnd(string identity)
    {
        Eventually.Is(() => Ends.Any(IsOf), $"the end of the session of {identity}");
        return Ends.First(IsOf);

        bool IsOf(Ended end) => end.Identity == identity;
    }

    public void Dispose() => Process.Dispose();

    private (ChildProcess Process, long ReadyNs) Start()
    {
        ChildProcess process = _start($"{_host}:{_port}");
        string[] ready = process.Find("ready ").Text.Split(' ');
        _port = int.Parse(ready[1], CultureInfo.InvariantCulture);
        return (process, long.Parse(ready[3], CultureInfo.InvariantCulture));
    }

    private static Ended? EndOf(Line line) => line.Text.Split(' ') switch
    {
        ["ended", var reason, var identity, var epoch, "at", var at] => new Ended(
            reason,
            identity,
            ulong.Parse(epoch, CultureInfo.InvariantCulture),
            long.Parse(at, CultureInfo.InvariantCulture)),
        _ => null,
    };
}
