using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;

namespace Interop.Sessions.Tests.Support;

/// <summary>An etcd cluster of real processes that goes with the test.</summary>
internal sealed class EtcdCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("interop-sessions-etcd-").FullName;

    internal EtcdCluster(int size = 1, params string[] more)
        : this(size, "127.0.0.1", more)
    {
    }

    /// <param name="size">Members.</param>
    /// <param name="listen">Where they listen for clients: an address of this machine, or 0.0.0.0 for all.</param>
    /// <param name="more">More arguments of each.</param>
    internal EtcdCluster(int size, string listen, string[] more)
    {
        int[] ports = Ports.Free(2 * size);
        string cluster = string.Join(',', Enumerable.Range(0, size).Select(i => $"n{i}=http://127.0.0.1:{ports[size + i]}"));
        Nodes = [.. Enumerable.Range(0, size).Select(
            i => new EtcdNode($"n{i}", _directory, listen, ports[i], ports[size + i], cluster, more))];
        if (!more.Any(argument => argument.StartsWith("--cert-file", StringComparison.Ordinal)))
        {
            AwaitHealth();
        }
    }

    internal IReadOnlyList<EtcdNode> Nodes { get; }

    internal string Endpoints => string.Join(',', Nodes.Select(node => node.Endpoint));

    internal void AwaitHealth()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!Nodes.Where(node => node.IsUp).All(node => node.IsHealthy()))
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"etcd is not healthy after {Patience}");
            }

            Thread.Sleep(20);
        }
    }

    public void Dispose()
    {
        foreach (EtcdNode node in Nodes)
        {
            node.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
