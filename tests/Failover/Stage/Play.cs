using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Failover.Load;
using Interop.Sessions.Failover.Scenarios;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Failover.Stage;

/// <summary>One scenario while it runs: three members of etcd, three masters, and the load on them.</summary>
internal sealed class Play : IDisposable
{
    private const int MasterCount = 3;
    private const int SwarmProcesses = 4;
    private const int LinesOfLog = 40;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failover-");
    private readonly List<IDisposable> _props = [];
    private readonly List<Measurement> _measurements = [];
    private readonly List<SwarmProcess> _swarm = [];

    private readonly Scenario _scenario;

    internal Play(string program, Scenario scenario)
    {
        _scenario = scenario;
        bool isInNetworks = scenario.IsInNetworks;
        Etcd = Keep(new EtcdCluster(3, isInNetworks ? "0.0.0.0" : "127.0.0.1", []));
        int[] ports = Ports.Free(MasterCount);
        for (int i = 0; i < MasterCount; i++)
        {
            MasterNetwork? network = isInNetworks ? Keep(new MasterNetwork(i)) : null;
            string etcd = string.Join(',', Etcd.Nodes.Select(node => $"{network?.Outside ?? "127.0.0.1"}:{node.Port}"));
            Masters.Add(Keep(new MasterDaemon(program, $"{network?.Address ?? "127.0.0.1"}:{ports[i]}", etcd, LogOf(i), network, scenario.IsAllDefaults)));
        }

        Masters.ForEach(master => master.AwaitReady());
    }

    internal EtcdCluster Etcd { get; }

    /// <summary>The last lines of each master's log.</summary>
    internal string Logs => string.Join('\n', Enumerable.Range(0, MasterCount).Select(
        i => $"master {i}:\n{string.Join('\n', File.ReadLines(LogOf(i)).TakeLast(LinesOfLog))}"));

    internal List<MasterDaemon> Masters { get; } = [];

    internal History History { get; } = new();

    internal RealFollowers? Followers { get; private set; }

    internal IReadOnlyList<Measurement> Measurements => _measurements;

    internal IReadOnlyList<SwarmSession> Sessions => [.. _swarm.SelectMany(process => process.Sessions)];

    internal IReadOnlyList<string> Addresses => [.. Masters.Select(master => master.Address)];

    /// <summary>Whoever granted the latest renewals.</summary>
    internal MasterDaemon Leader
    {
        get
        {
            Renewed latest = History.Renewals.MaxBy(renewal => renewal.MasterEpoch);
            return Masters.Single(master => master.Address == latest.Master);
        }
    }

    /// <summary>All sessions are made and renewed, and items change.</summary>
    internal void StartLoad()
    {
        for (int i = 0; i < SwarmProcesses; i++)
        {
            _swarm.Add(Keep(new SwarmProcess(Addresses, $"process-{i}", Settings.Sessions / SwarmProcesses, History)));
        }

        Task.WhenAll(_swarm.Select(process => Task.Run(process.StartAsync))).GetAwaiter().GetResult();
        Followers = Keep(_scenario.IsAllDefaults
            ? new RealFollowers(Addresses, Settings.ManyFollowers, Settings.ManyManagers)
            : new RealFollowers(Addresses, Settings.Followers, 1));
        Eventually.Is(() => History.Renewals.Count >= SwarmProcesses && History.Writes > 100, "load");
    }

    /// <summary>Some holders die now.</summary>
    internal void LetSomeDie()
    {
        long nowNs = BootClock.NowNs;
        foreach (SwarmSession session in Sessions.Take(Settings.Dead))
        {
            session.DeadSinceNs = nowNs;
        }
    }

    /// <summary>Waits for the first renewal of a later leadership than <paramref name="epoch"/>, and notes how long it took.</summary>
    internal void MeasureTakeOver(string what, long fromNs, ulong epoch, long leastMs, long mostMs)
    {
        Eventually.Is(() => History.FirstRenewalAfter(epoch) != null, what);
        Measure(what, fromNs, History.FirstRenewalAfter(epoch)!.Value, leastMs, mostMs);
    }

    internal void Measure(string what, long fromNs, long toNs, long leastMs, long mostMs) =>
        _measurements.Add(new Measurement(what, (toNs - fromNs) / 1_000_000, leastMs, mostMs));

    /// <summary>How long a fault lasts, or the load goes on after it.</summary>
    internal static void Last(long ms) => Thread.Sleep(TimeSpan.FromMilliseconds(ms));

    /// <summary>No item changes any more; the sessions live on.</summary>
    internal void EndWrites() => Task.WhenAll(_swarm.Select(process => process.EndWritesAsync())).GetAwaiter().GetResult();

    /// <summary>Nobody renews any more.</summary>
    internal void EndLoad() => Task.WhenAll(_swarm.Select(process => process.EndAsync())).GetAwaiter().GetResult();

    /// <summary>What ended a part of the load too early.</summary>
    internal IEnumerable<string> Defects => _swarm.SelectMany(process => process.Defects);

    internal T Keep<T>(T prop)
        where T : IDisposable
    {
        _props.Add(prop);
        return prop;
    }

    private string LogOf(int master) => Path.Combine(_folder.FullName, $"master{master}.log");

    public void Dispose()
    {
        foreach (IDisposable prop in Enumerable.Reverse(_props))
        {
            prop.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
