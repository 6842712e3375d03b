using System;
using Interop.Sessions.Faults.Stage;

namespace Interop.Sessions.Failover.Stage;

/// <summary>One session-master as a process, in a network of its own if that is to be cut.</summary>
internal sealed class MasterDaemon : IDisposable
{
    private readonly Func<ChildProcess> _start;
    private ChildProcess _process;

    /// <param name="program">session-master.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="etcd">The members.</param>
    /// <param name="log">The file that its log is added to.</param>
    /// <param name="network">Its own, or null.</param>
    /// <param name="isAllDefaults">Has it no settings of its own?</param>
    internal MasterDaemon(
        string program, string address, string etcd, string log, MasterNetwork? network, bool isAllDefaults)
    {
        string[] settings = isAllDefaults ? [] :
        [
            "--leader-term-ms", $"{Settings.LeaderTermMs}", "--term-ms", $"{Settings.TermMs}", "--max-term-ms",
            $"{Settings.TermMs}",
        ];
        Address = address;
        Network = network;
        _start = () => new ChildProcess(
            [
                .. network?.Inside ?? [], "sh", "-c", "exec \"$@\" 2>>\"$0\"", log, program, "--listen", address, "--insecure", "anywhere", "--etcd", etcd, "--etcd-insecure", "anywhere", "--create", .. settings,
            ]);
        _process = _start();
    }

    /// <summary>Where followers find it.</summary>
    internal string Address { get; }

    internal MasterNetwork? Network { get; }

    internal void AwaitReady() => _process.Find("ready ");

    /// <summary>A new process in the place of one that has ended.</summary>
    internal void Restart()
    {
        _process.Dispose();
        _process = _start();
        AwaitReady();
    }

    internal long Kill() => _process.Kill().FromNs;

    internal long Stop() => _process.Stop().FromNs;

    internal long Continue() => _process.Continue().FromNs;

    /// <summary>SIGTERM; says when it was sent, after it has ended.</summary>
    internal long Terminate() => _process.Terminate().FromNs;

    public void Dispose() => _process.Dispose();
}
