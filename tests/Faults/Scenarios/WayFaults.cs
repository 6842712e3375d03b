using System.Collections.Generic;
using System.IO;
using Interop.Sessions.Faults.Stage;
using static Interop.Sessions.Faults.Stage.Times;

namespace Interop.Sessions.Faults.Scenarios;

/// <summary>What should lead to the master leads elsewhere.</summary>
internal static class WayFaults
{
    /// <summary>Nobody listens there.</summary>
    private const string Nowhere = "127.0.0.1:1";

    private const string Name = "master.faults.test";

    internal static IEnumerable<Scenario> All =>
    [
        new("a standby, first in the list, names a leader that nobody can reach", HintNowhere, "ALIVE", "ALIVE SUSPECT ALIVE"),
        new("the resolver fails while the master is restarted", LoseResolver, "ALIVE", "ALIVE SUSPECT ALIVE") { NeedsRoot = true },
    ];

    private static void HintNowhere(Play play)
    {
        MasterProcess standby = play.Keep(new MasterProcess(
            address => play.NewMaster(address, store: "standby.db", hint: Nowhere), "127.0.0.1"));
        MasterProcess master = play.StartMaster();
        long startedNs = Protocol.BootClock.NowNs;
        Holder holder = play.StartHolder($"{standby.Endpoint},{master.Endpoint}", "server");
        long aliveNs = holder.Await("ALIVE");
        play.Measure("ALIVE after", startedNs, aliveNs, 0, TermMs);
        // Renewals find it, too, also when they must look again.
        master.Kill();
        master.Restart();
        holder.AwaitYes(master.ReadyNs + ((TermMs + HalfMs) * 1_000_000));
    }

    private static void LoseResolver(Play play)
    {
        string hosts = play.PathOf("hosts");
        File.WriteAllText(hosts, $"127.0.0.1 localhost {Name}\n");
        using HostsFile _ = new(hosts);
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint.Replace("127.0.0.1", Name, System.StringComparison.Ordinal));
        // In place: what is mounted is this file.
        File.WriteAllText(hosts, "127.0.0.1 localhost\n");
        master.Kill();
        master.Restart();
        holder.AwaitYes(master.ReadyNs + ((TermMs + HalfMs) * 1_000_000));
    }
}
