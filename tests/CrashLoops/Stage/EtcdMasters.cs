using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.CrashLoops.Stage;

/// <summary>Masters that share three members of etcd.</summary>
internal sealed class EtcdMasters : IMasters
{
    private const int Masters = 3;
    private const string LeaderTermMs = "2000";

    private readonly EtcdCluster _etcd = new(3);
    private readonly MasterProcess[] _processes;

    internal EtcdMasters(string program, string folder) => _processes =
    [
        .. Ports.Free(Masters).Select(port => $"127.0.0.1:{port}").Select((address, i) => new MasterProcess(
            [
                program, "--listen", address, "--insecure", "loopback", "--etcd", _etcd.Endpoints, "--etcd-insecure", "loopback", "--create",
                "--leader-term-ms", LeaderTermMs, "--max-term-ms", "60000", "--term-ms", "60000",
            ],
            address, Path.Combine(folder, $"master{i}.log"))),
    ];

    public string Name => "three members of etcd and three masters, the leader killed";

    public IReadOnlyList<string> Addresses => [.. _processes.Select(process => process.Address)];

    public int LongestMs => 20_000;

    public int KilledBeginning => 0;

    public void Start(Random random)
    {
        MasterProcess[] down = [.. _processes.Where(process => !process.IsUp)];
        Array.ForEach(down, process => process.Begin());
        Array.ForEach(down, process => process.AwaitReady());
    }

    public void Kill(string leader) => _processes.Single(process => process.Address == leader).Kill();

    public void Dispose()
    {
        Array.ForEach(_processes, process => process.Dispose());
        _etcd.Dispose();
    }
}
