using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class CreateTimeoutTests
{
    [Fact]
    public void Where_nobody_listens_a_create_ends_NoMaster_within_its_time_out()
    {
        string address = UnusedAddress();
        using TestFollower test = new(address);
        Stopwatch watch = Stopwatch.StartNew();

        SessionException failure = test.CreateFails(SessionStatus.NoMaster, timeoutMs: 700);

        Assert.StartsWith("no session within 700 ms: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(address, failure.Message, StringComparison.Ordinal);
        Assert.InRange(watch.ElapsedMilliseconds, 400, 5000);
        Assert.Empty(test.Told);
    }

    [Fact]
    public void A_listener_that_never_answers_makes_a_create_end_TimedOut()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using TestFollower test = new($"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        Stopwatch watch = Stopwatch.StartNew();

        SessionException failure = test.CreateFails(SessionStatus.TimedOut, timeoutMs: 700);

        Assert.StartsWith("no session within 700 ms: ", failure.Message, StringComparison.Ordinal);
        Assert.InRange(watch.ElapsedMilliseconds, 600, 5000);
    }

    [Fact]
    public void A_master_that_comes_up_within_the_time_out_gives_the_session()
    {
        using RunningMaster master = new(new History());
        master.Stop();
        using TestFollower test = new(master.Address);
        Task<SessionInfo> creating = Eventually.OnOwnThread(() => test.Create());
        Eventually.IsTrue(() => test.Heard.Logged.Length > 2, "tried once in vain");

        master.StartAgain();

        Assert.Equal(SessionState.Alive, Eventually.ResultOf(creating).State);
    }

    [Fact]
    public void An_answer_that_got_lost_costs_no_second_session()
    {
        using RunningMaster master = new(new History());
        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address);
        bool isFirst = true;
        master.Hooks.OnSessionCreated = (_, _) =>
        {
            if (isFirst)
            {
                isFirst = false;
                proxy.Cut();
                proxy.Restore();
            }
        };

        SessionInfo session = test.Create();

        Assert.Equal(session.Epoch, Assert.Single(master.Sessions).Epoch);
        Assert.Equal(1, master.History.Count("master: SessionCreated cs1"));
    }

    [Fact]
    public void A_master_that_does_not_lead_is_named_at_the_end()
    {
        using RunningMaster master = new(new History());
        master.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        using TestFollower test = new(master.Address);

        // Time for one answer on a machine that is busy with others.
        SessionException failure = test.CreateFails(SessionStatus.NotLeader, timeoutMs: 3000);

        Assert.Contains("this master does not lead", failure.Message, StringComparison.Ordinal);
    }

    private static string UnusedAddress()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
