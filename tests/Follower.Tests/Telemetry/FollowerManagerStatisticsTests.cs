using System;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Telemetry;

/// <summary>How a follower manager stands with its masters, and what it has counted.</summary>
public sealed class FollowerManagerStatisticsTests : IDisposable
{
    private readonly RunningMaster _master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);

    public void Dispose() => _master.Dispose();

    [Fact]
    public void What_closed_followers_have_counted_stays_in_the_sums()
    {
        using TestFollower test = new(_master.Address);
        FollowerManagerStatistics before = test.Manager.Statistics;
        Assert.Equal((ConnectionState.None, _master.Address, 1, 0), (before.Connection, before.Endpoint, before.Followers, before.Channels));

        test.CreateAndRenew();
        SessionFollower other = test.Manager.CreateFollower("other");
        other.CreateSession(TestFollower.Description);
        FollowerManagerStatistics both = test.Manager.Statistics;
        Assert.Equal((ConnectionState.Connected, 2, 1), (both.Connection, both.Followers, both.Channels));
        Assert.InRange(both.ConnectionSinceNs, before.ConnectionSinceNs + 1, BootClock.NowNs);
        Assert.Equal((2, 0), (both.SessionsGranted, both.SessionsLost));
        Assert.InRange(both.Renewed, 2, both.RenewalsSent);

        test.Follower.Close();
        FollowerManagerStatistics after = test.Manager.Statistics;
        Assert.Equal((1, 2L, 1L), (after.Followers, after.SessionsGranted, after.SessionsLost));
        Assert.InRange(after.Renewed, both.Renewed, long.MaxValue);
        Assert.InRange(after.Renewed, test.Follower.Statistics.Renewed, long.MaxValue);
        Assert.Equal(both.ConnectionSinceNs, after.ConnectionSinceNs);
    }

    [Fact]
    public void A_master_that_goes_is_told_as_away_since_then_and_as_connected_when_it_is_back()
    {
        using TcpProxy way = new(_master.Port);
        using TestFollower test = new(way.Address);
        test.CreateAndRenew();
        long connectedNs = test.Manager.Statistics.ConnectionSinceNs;

        way.Cut();
        Becomes(test, ConnectionState.Away);
        FollowerManagerStatistics away = test.Manager.Statistics;
        Assert.InRange(away.ConnectionSinceNs, connectedNs + 1, BootClock.NowNs);
        Assert.InRange(away.Failovers, 1, long.MaxValue);
        Assert.Equal(way.Address, away.Endpoint);

        way.Restore();
        Becomes(test, ConnectionState.Connected);
        Assert.InRange(test.Manager.Statistics.ConnectionSinceNs, away.ConnectionSinceNs + 1, BootClock.NowNs);
    }

    private static void Becomes(TestFollower test, ConnectionState state) => Eventually.IsTrue(
        () => test.Manager.Statistics.Connection == state, () => $"{state}, it is {test.Manager.Statistics}");
}
