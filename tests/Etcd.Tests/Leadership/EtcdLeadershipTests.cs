using System;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Lease;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Leadership;

/// <summary>One leads, until it stops by itself, and only then another.</summary>
public sealed class EtcdLeadershipTests(OneNode etcd)
{
    private readonly EtcdOptions _options = etcd.NewOptions();

    [Fact]
    public void One_wins_and_the_other_is_told_who()
    {
        using Contender first = new(_options, "first:7070");
        using Contender second = new(_options, "second:7070");
        Assert.True(first.Leadership.TryWin());
        Assert.False(second.Leadership.TryWin());
        Assert.Equal("first:7070", second.Leadership.Hint);
        Assert.True(first.MayAct);
        Assert.False(second.MayAct);
    }

    [Fact]
    public async Task It_is_renewed_for_several_terms()
    {
        using Contender leader = new(_options);
        Assert.True(leader.Leadership.TryWin());
        long endNs = BootClock.NowNs + (3 * _options.LeaderTermMs * 1_000_000L);
        while (BootClock.NowNs < endNs)
        {
            Assert.True(leader.MayAct);
            await Task.Delay(20);
        }

        Assert.Equal((0, false), (leader.Leadership.Interruptions - 1, leader.Leadership.IsOver));
    }

    [Fact]
    public void Who_gives_up_lets_another_win_at_once()
    {
        using Contender first = new(_options);
        using Contender second = new(_options);
        Assert.True(first.Leadership.TryWin());
        first.Leadership.GiveUp();
        Assert.False(first.MayAct);
        Assert.True(second.Leadership.TryWin());
        Assert.True(second.MayAct);
    }

    [Fact]
    public async Task Who_could_not_take_its_key_away_need_not_wait_for_its_end()
    {
        using EtcdCluster own = new();
        using Contender leader = new(new() { Endpoints = own.Endpoints, LeaderTermMs = Limits.MaxLeaderTermMs, Insecure = Insecure.Loopback });
        Assert.True(leader.Leadership.TryWin());
        own.Nodes[0].Kill();
        leader.Leadership.GiveUp();
        own.Nodes[0].Start();
        own.AwaitHealth();
        Assert.True(leader.Leadership.TryWin());
        await Eventually.IsTrueAsync(() => leader.MayAct, "acts");
    }

    [Fact]
    public async Task Whose_writes_stall_stops_acting_before_another_can_win()
    {
        using Contender stalled = new(_options);
        using Contender other = new(_options);
        Assert.True(stalled.Leadership.TryWin());
        stalled.Progress.Begin(BootClock.NowNs);
        await Eventually.IsTrueAsync(() => other.Leadership.TryWin(), "won by the other");
        Assert.False(stalled.MayAct);
        await Eventually.IsTrueAsync(() => stalled.Leadership.IsOver || !stalled.MayAct, "over");
    }

    [Fact]
    public async Task Whose_key_another_has_deleted_learns_it()
    {
        using Contender leader = new(_options);
        Assert.True(leader.Leadership.TryWin());
        using Contender operation = new(_options);
        operation.Connection.Ask(
            (client, headers, cancellation) => client.Delete(
                new Etcdserverpb.DeleteRangeRequest { Key = operation.Connection.Keys.Leader }, headers, null, cancellation),
            1000, default);
        await Eventually.IsTrueAsync(() => leader.Leadership.IsOver, "over");
        Assert.False(leader.MayAct);
    }

    [Fact]
    public async Task An_etcd_that_stands_still_costs_the_leadership_at_its_deadline_and_not_later()
    {
        using EtcdCluster own = new();
        EtcdOptions options = new() { Endpoints = own.Endpoints, LeaderTermMs = Limits.MinLeaderTermMs, Insecure = Insecure.Loopback };
        using Contender leader = new(options);
        Assert.True(leader.Leadership.TryWin());
        own.Nodes[0].Stop();
        long stoppedNs = BootClock.NowNs;
        await Eventually.IsTrueAsync(() => !leader.MayAct, "stopped acting");
        long afterNs = BootClock.NowNs - stoppedNs;
        Assert.InRange(
            afterNs, 0, LeaseArithmetic.UsableTermNs(options.LeaderTermMs, Limits.DefaultClockRateBoundPpm) + 200_000_000);
        own.Nodes[0].Continue();
        await Eventually.IsTrueAsync(() => leader.MayAct || leader.Leadership.IsOver, "prolonged, or lost for good");
    }

    [Fact]
    public void An_etcd_that_is_not_there_is_named()
    {
        using Contender nowhere = new(_options with { Endpoints = "127.0.0.1:1" }, isConnected: false);
        SessionException failure = Assert.Throws<SessionException>(() => nowhere.Leadership.TryWin());
        Assert.Equal(SessionStatus.StoreFailed, failure.Status);
        Assert.Contains("127.0.0.1:1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_etcd_that_was_away_for_long_is_used_as_soon_as_it_is_back()
    {
        using EtcdCluster own = new();
        using Contender waiting = new(new() { Endpoints = own.Endpoints, Insecure = Insecure.Loopback });
        own.Nodes[0].Kill();
        long endNs = BootClock.NowNs + 10_500_000_000;
        while (BootClock.NowNs < endNs)
        {
            Assert.Throws<SessionException>(() => waiting.Leadership.TryWin());
            await Task.Delay(100);
        }

        own.Nodes[0].Start();
        own.AwaitHealth();
        Assert.True(waiting.Leadership.TryWin());
    }

    [Fact]
    public void A_member_that_is_down_is_passed_over()
    {
        using Contender leader = new(_options with { Endpoints = $"127.0.0.1:1,{etcd.Endpoints}" }, isConnected: false);
        Assert.True(leader.Leadership.TryWin());
    }
}
