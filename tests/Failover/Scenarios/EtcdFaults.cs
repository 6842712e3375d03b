using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Failover.Stage;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Failover.Scenarios;

/// <summary>What happens to etcd.</summary>
internal static class EtcdFaults
{
    /// <summary>How long etcd is without a majority: longer than a leader's lease, shorter than a follower's.</summary>
    private const long WithoutQuorumMs = 2500;

    internal static IEnumerable<Scenario> All =>
    [
        new("a member of etcd killed and started anew, one after the other", KillMembers),
        new("etcd without a majority for 2.5 s", LoseQuorum),
        new("etcd stopped altogether for longer than the followers' lease", StopEtcd)
        {
            MayCostJeopardy = true,
            DeadGoneMs = (3 * Settings.TermMs) + Settings.TakeOverMs,
        },
    ];

    private static void KillMembers(Play play)
    {
        foreach (EtcdNode node in play.Etcd.Nodes)
        {
            node.Kill();
            Play.Last(2500);
            node.Start();
            play.Etcd.AwaitHealth();
        }

        MeasureNextWrite(play, BootClock.NowNs, 0, 2000);
    }

    private static void LoseQuorum(Play play)
    {
        long atNs = BootClock.NowNs;
        EtcdNode[] lost = [.. play.Etcd.Nodes.Take(2)];
        foreach (EtcdNode node in lost)
        {
            node.Kill();
        }

        Play.Last(WithoutQuorumMs);
        foreach (EtcdNode node in lost)
        {
            node.Start();
        }

        MeasureNextWrite(play, atNs, WithoutQuorumMs, WithoutQuorumMs + Settings.TakeOverMs + 1500);
        Play.Last(2000);
    }

    private static void StopEtcd(Play play)
    {
        long atNs = BootClock.NowNs;
        foreach (EtcdNode node in play.Etcd.Nodes)
        {
            node.Stop();
        }

        Eventually.Is(() => play.Followers!.Heard.Contains("JEOPARDY"), "JEOPARDY");
        play.Measure("JEOPARDY after", atNs, BootClock.NowNs, Settings.UsableMs - (Settings.TermMs / 6) - 500, Settings.UsableMs + 500);
        foreach (EtcdNode node in play.Etcd.Nodes)
        {
            node.Continue();
        }

        long backNs = BootClock.NowNs;
        MeasureNextWrite(play, backNs, 0, Settings.TakeOverMs + 1500);
        Play.Last(2000);
    }

    /// <summary>The next item change that is acknowledged: it needs a leader, and a majority of etcd.</summary>
    private static void MeasureNextWrite(Play play, long fromNs, long leastMs, long mostMs)
    {
        long writes = play.History.Writes;
        Eventually.Is(() => play.History.Writes > writes, "a write");
        play.Measure("next write after", fromNs, BootClock.NowNs, leastMs, mostMs);
    }
}
