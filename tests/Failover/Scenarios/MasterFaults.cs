using System.Collections.Generic;
using Interop.Sessions.Failover.Stage;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Failover.Scenarios;

/// <summary>What happens to masters.</summary>
internal static class MasterFaults
{
    private const int FailOvers = 5;
    private const int ManyFailOvers = 8;

    internal static IEnumerable<Scenario> All =>
    [
        new("leader killed", play => Fail(play, leader => leader.Kill())),
        new("leader stopped for twice its lease, then resumed", StopAndResume),
        new("leader resigns (SIGTERM)", play => Fail(play, leader => leader.Terminate(), leastMs: 0, mostMs: Settings.HandOverMs)),
        new("rolling upgrade: each master ended and started anew", RollingUpgrade),
        new($"leader killed {FailOvers} times in a row", play => FailOften(play, FailOvers, Settings.TakeOverMs))
        {
            DeadGoneMs = (2 * Settings.TermMs) + (FailOvers * (Settings.TakeOverMs + 3000)),
        },
        new(
            $"{Settings.ManyFollowers} followers, all defaults, leader killed {ManyFailOvers} times in a row",
            play => FailOften(play, ManyFailOvers, Settings.DefaultTakeOverMs))
        {
            IsAllDefaults = true,
            DeadGoneMs = (2 * Settings.TermMs) + (ManyFailOvers * (Settings.DefaultTakeOverMs + 3000)),
        },
        new("leader cut off from etcd, followers still reach it", CutOff) { IsInNetworks = true },
    ];

    private static void Fail(
        Play play, System.Func<MasterDaemon, long> fault, long leastMs = 500, long mostMs = Settings.TakeOverMs)
    {
        ulong epoch = play.History.LatestEpoch;
        long atNs = BootClock.NowNs;
        fault(play.Leader);
        play.MeasureTakeOver("first renewal after", atNs, epoch, leastMs, mostMs);
        Play.Last(2000);
    }

    private static void StopAndResume(Play play)
    {
        MasterDaemon leader = play.Leader;
        ulong epoch = play.History.LatestEpoch;
        long atNs = leader.Stop();
        play.MeasureTakeOver("first renewal after", atNs, epoch, 500, Settings.TakeOverMs);
        Play.Last(2 * Settings.LeaderTermMs);
        leader.Continue();
        // What it had decided before, and what its clients had sent it, must come to nothing.
        Play.Last(3000);
    }

    private static void RollingUpgrade(Play play)
    {
        foreach (MasterDaemon master in play.Masters.ToArray())
        {
            ulong epoch = play.History.LatestEpoch;
            bool isLeader = play.Leader == master;
            long atNs = BootClock.NowNs;
            master.Terminate();
            if (isLeader)
            {
                play.MeasureTakeOver("first renewal after", atNs, epoch, 0, Settings.HandOverMs);
            }

            master.Restart();
            Play.Last(2000);
        }
    }

    private static void FailOften(Play play, int times, long takeOverMs)
    {
        for (int i = 0; i < times; i++)
        {
            MasterDaemon leader = play.Leader;
            ulong epoch = play.History.LatestEpoch;
            long atNs = leader.Kill();
            play.MeasureTakeOver("after", atNs, epoch, 500, takeOverMs);
            leader.Restart();
            Play.Last(1500);
        }
    }

    private static void CutOff(Play play)
    {
        MasterDaemon leader = play.Leader;
        ulong epoch = play.History.LatestEpoch;
        long atNs = BootClock.NowNs;
        leader.Network!.CutOffPorts(string.Join(',', System.Linq.Enumerable.Select(play.Etcd.Nodes, node => node.Port)));
        play.MeasureTakeOver("first renewal after", atNs, epoch, 500, Settings.TakeOverMs);
        Play.Last(3000);
        leader.Network!.Heal();
        Play.Last(2000);
    }
}
