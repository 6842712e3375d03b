using System;
using System.Net;
using System.Net.Sockets;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A follower that knows several masters, or is told of one.</summary>
public sealed class RedirectTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public void A_create_finds_the_one_master_among_dead_and_silent_endpoints()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using TestFollower test = new("127.0.0.1:1", $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", _master.Address);

        Assert.Equal(SessionState.Alive, test.Create(timeoutMs: 20_000).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Renewals_move_to_the_second_endpoint_before_anybody_suspects(bool stalls)
    {
        // Thrice the term: a busy machine has time to redial within the half of it.
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
        using TcpProxy first = new(master.Port);
        using TcpProxy second = new(master.Port);
        using TestFollower test = new(first.Address, second.Address);
        SessionInfo session = test.CreateAndRenew();
        Assert.Equal(0, second.Accepted);

        if (stalls)
        {
            first.Stall();
        }
        else
        {
            first.Cut();
        }

        Eventually.IsTrue(() => second.Accepted > 0, "dialled");
        test.BecomesRenewed();
        test.BecomesRenewed();

        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
        first.Restore();
    }

    [Fact]
    public void A_create_follows_the_hint_of_a_master_that_does_not_lead()
    {
        using RunningMaster standby = new(new History());
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(false, _master.Address);
        using TestFollower test = new(standby.Address);

        Assert.Equal(SessionState.Alive, test.Create().State);

        Assert.Single(_master.Sessions);
        Assert.Empty(standby.Sessions);
    }

    [Fact]
    public void Renewals_and_calls_follow_the_hint_of_a_master_that_leads_no_more()
    {
        // One master, and a proxy before it as another address of the same leader.
        using TcpProxy leader = new(_master.Port);
        using RunningMaster standby = new(new History());
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(false, leader.Address);
        Eventually.IsTrue(() => !standby.Master.Leads, "standby");
        using TcpProxy network = new(_master.Port);
        using TestFollower test = new(network.Address);
        SessionInfo session = test.CreateAndRenew();

        network.Target = standby.Port;
        network.Cut();
        network.Restore();
        test.Follower.SetItem(session.Epoch, "rack", "r1"u8.ToArray());
        test.BecomesRenewed();
        test.BecomesRenewed();

        Assert.True(leader.Accepted > 0);
        Assert.Equal(session.Epoch, test.Follower.Session.Epoch);
        Assert.Equal(1, Assert.Single(_master.Sessions).ItemCount);
    }

    [Fact]
    public void A_leader_that_steps_down_and_comes_back_keeps_the_session()
    {
        using TestFollower test = new(_master.Address);
        SessionInfo session = test.CreateAndRenew();

        _master.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        test.BecomesState(SessionState.Jeopardy);
        Assert.Equal(
            SessionStatus.NotLeader,
            Assert.Throws<SessionException>(() => test.Follower.GetItem(session.Epoch, "rack", timeoutMs: 300)).Status);
        _master.Hooks.OnCheckLeader = () => new LeaderAnswer(true);

        test.BecomesState(SessionState.Alive);
        Assert.Equal(session.Epoch, test.Follower.Session.Epoch);
        Assert.DoesNotContain(test.Told, what => what.StartsWith("lost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hint_that_is_no_address_leads_nowhere()
    {
        _master.Hooks.OnCheckLeader = () => new LeaderAnswer(false, "no address at all");
        using TestFollower test = new(_master.Address);

        Assert.Equal("no address at all", test.CreateFails(SessionStatus.NotLeader, timeoutMs: 400).LeaderHint);
    }

    public void Dispose() => _master.Dispose();
}
