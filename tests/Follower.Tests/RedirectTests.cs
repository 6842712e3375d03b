using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
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
    public async Task A_create_that_finds_nobody_goes_on_at_the_masters_that_it_is_given()
    {
        using TestFollower test = new("127.0.0.1:1");
        Task<SessionInfo> created = test.Follower.CreateSessionAsync(TestFollower.Description, timeoutMs: 20_000);
        Eventually.IsTrue(() => test.Heard.Logged.Any(line => line.Id == 2004), "tried");

        test.Manager.SetEndpoints([_master.Address]);

        Assert.Equal(SessionState.Alive, (await created).State);
        Assert.Contains(test.Heard.Logged, line => line.Id == 2014 && line.Message.Contains(_master.Address, StringComparison.Ordinal));
    }

    [Fact]
    public void Renewals_stay_where_they_are_answered_and_then_go_to_the_masters_that_were_given()
    {
        // Thrice the term: a busy machine has time to redial within the half of it.
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
        using TcpProxy first = new(master.Port);
        using TcpProxy second = new(master.Port);
        using TestFollower test = new(first.Address);
        SessionInfo session = test.CreateAndRenew();

        test.Manager.SetEndpoints([second.Address]);
        test.BecomesRenewed();
        test.Follower.SetItem(session.Epoch, "rack", "r1"u8.ToArray());
        Assert.Equal(0, second.Accepted);
        first.Cut();

        Eventually.IsTrue(() => second.Accepted > 0, "dialled");
        test.BecomesRenewed();
        test.BecomesRenewed();
        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
    }

    [Fact]
    public void Masters_that_are_none_are_refused_and_change_nothing()
    {
        using TestFollower test = new(_master.Address);

        Refused([], "endpoints has 0 entries; it must have 1 to 16");
        Refused([_master.Address, "nowhere"], "endpoints[1] 'nowhere' is not host:port");
        Assert.Equal(SessionState.Alive, test.Create().State);
        test.Manager.Dispose();
        Assert.Equal(
            SessionStatus.Cancelled, Assert.Throws<SessionException>(() => test.Manager.SetEndpoints([_master.Address])).Status);

        void Refused(string[] endpoints, string named)
        {
            SessionException refusal = Assert.Throws<SessionException>(() => test.Manager.SetEndpoints(endpoints));
            Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
            Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_create_follows_the_hint_of_a_master_that_does_not_lead()
    {
        using RunningMaster standby = new(new History());
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(false, _master.Address);
        using TestFollower test = new(standby.Address);

        Assert.Equal(SessionState.Alive, test.Create().State);

        Assert.Single(_master.Sessions);
        Assert.Equal(SessionStatus.NotLeader, Assert.Throws<SessionException>(() => standby.Sessions).Status);
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(true);
        Eventually.IsTrue(() => standby.Master.Leads, "leading after all");
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
    public void A_standby_that_points_where_nobody_is_hides_no_configured_leader()
    {
        using RunningMaster standby = Standby("127.0.0.1:1");
        using TestFollower test = new(standby.Address, _master.Address);

        Assert.Equal(SessionState.Alive, test.Create(timeoutMs: 2000).State);
    }

    [Fact]
    public void Renewals_find_the_configured_leader_beside_a_standby_that_points_where_nobody_is()
    {
        // Thrice the term: a busy machine has time to redial within the half of it.
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
        using RunningMaster standby = Standby("127.0.0.1:1");
        using TcpProxy former = new(master.Port);
        using TestFollower test = new(former.Address, standby.Address, master.Address);
        SessionInfo session = test.CreateAndRenew();

        former.Cut();
        test.BecomesRenewed();
        test.BecomesRenewed();

        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
    }

    [Fact]
    public void A_drained_standby_that_points_to_the_dead_leader_does_not_hide_the_new_one()
    {
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
        using TcpProxy b = new(master.Port);
        using TcpProxy c = new(master.Port);
        using RunningMaster a = Standby(b.Address);
        using TestFollower test = new(b.Address, a.Address, c.Address);
        SessionInfo session = test.CreateAndRenew();

        b.Cut();
        Eventually.IsTrue(() => c.Accepted > 0, "asked");
        test.BecomesRenewed();
        test.Follower.SetItem(session.Epoch, "rack", "r1"u8.ToArray());

        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
    }

    [Fact]
    public void A_master_that_does_not_lead_is_asked_again_over_the_stream_that_is_open()
    {
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
        using TcpProxy network = new(master.Port);
        using TestFollower test = new(network.Address);
        SessionInfo session = test.CreateAndRenew();
        int streams = network.StreamsOpened;
        int messages = network.MessagesSent;

        master.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        test.BecomesState(SessionState.Jeopardy);
        Eventually.IsTrue(() => network.MessagesSent - messages > 20, "asked many times");

        Assert.Equal(streams, network.StreamsOpened);
        Assert.InRange(test.Heard.Logged.Count(line => line.Id == 2006), 1, Limits.LogLinesAtOnce);
        master.Hooks.OnCheckLeader = () => new LeaderAnswer(true);
        test.BecomesState(SessionState.Alive);
        Assert.Equal(session.Epoch, test.Follower.Session.Epoch);
    }

    [Fact]
    public void Failures_of_two_kinds_that_alternate_write_a_few_lines_of_each()
    {
        using RunningMaster standby = Standby("");
        using TestFollower test = new(standby.Address, "127.0.0.1:1");

        // Whichever of the two the last attempt meets.
        test.CreateFails(timeoutMs: 4000);

        foreach (string status in (string[])["NOT_LEADER", "NO_MASTER"])
        {
            Assert.Equal(Limits.LogLinesAtOnce, test.Heard.Logged.Count(
                line => line.Id == 2004 && line.Message.Contains($"ends {status},", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_hint_that_is_no_address_leads_nowhere()
    {
        _master.Hooks.OnCheckLeader = () => new LeaderAnswer(false, "no address at all");
        using TestFollower test = new(_master.Address);

        Assert.Equal("no address at all", test.CreateFails(SessionStatus.NotLeader, timeoutMs: 2000).LeaderHint);
    }

    /// <summary>A server refuses to write it into a header, and then the caller would not even hear that this master does not lead.</summary>
    [Theory]
    [InlineData("m\u00fcnchen:7070", 1)]
    [InlineData("10.0.0.1:7070\n", 1)]
    [InlineData("a", 1_000_000)]
    public void A_hint_that_no_header_can_have_is_left_out_and_the_refusal_is_told(string hint, int times)
    {
        string said = string.Concat(Enumerable.Repeat(hint, times));
        _master.Hooks.OnCheckLeader = () => new LeaderAnswer(false, said);
        using TestFollower test = new(_master.Address);

        Assert.Null(test.CreateFails(SessionStatus.NotLeader, timeoutMs: 2000).LeaderHint);
    }

    public void Dispose() => _master.Dispose();

    private static RunningMaster Standby(string hint)
    {
        RunningMaster standby = new(new History());
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(false, hint);
        Eventually.IsTrue(() => !standby.Master.Leads, "standby");
        return standby;
    }
}
