using System;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A follower whose network breaks. Its states follow from the clock alone.</summary>
public sealed class CutOffTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());
    private readonly TcpProxy _proxy;
    private readonly TestFollower _test;

    public CutOffTests()
    {
        _proxy = new TcpProxy(_master.Port);
        _test = new TestFollower(_proxy.Address);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_follower_that_is_cut_off_for_a_term_goes_through_suspect_and_jeopardy_to_lost(bool stalls)
    {
        SessionInfo session = _test.CreateAndRenew();
        nint lease = _test.Follower.LeaseAddress;
        Assert.True(LeaseReader.IsValid(lease, session.Epoch));

        Break(stalls);
        _test.BecomesState(SessionState.Jeopardy);
        Assert.Equal(0, LeaseReader.DeadlineNs(lease));
        Assert.False(LeaseReader.IsValid(lease, session.Epoch));
        Assert.True(_master.Holds(session.SessionId), "the holder stops before the master expires it");
        Eventually.IsTrue(() => _master.Ended(TestFollower.Identity, SessionEndReason.Expired) == 1, "expired");
        Assert.Equal(SessionState.Jeopardy, _test.State);
        _proxy.Restore();

        _test.HearsOf($"lost {session.Epoch} Expired");
        Assert.Equal(SessionState.Lost, _test.State);
        Assert.Equal(
            [
                $"created {session.Epoch}", $"Alive {session.Epoch}", $"Suspect {session.Epoch}",
                $"Jeopardy {session.Epoch}", $"lost {session.Epoch} Expired",
            ],
            _test.Told);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_short_cut_leaves_the_same_session_alive(bool stalls)
    {
        SessionInfo session = _test.CreateAndRenew();

        Break(stalls);
        _test.HearsOf($"Suspect {session.Epoch}");
        _proxy.Restore();

        Eventually.IsTrue(() => _test.Heard.Count($"Alive {session.Epoch}") == 2, "alive again");
        Assert.Equal(session.Epoch, _test.Follower.Session.Epoch);
        Assert.True(LeaseReader.IsValid(_test.Follower.LeaseAddress, session.Epoch));
        Assert.DoesNotContain(_test.Told, what => what.StartsWith("lost", StringComparison.Ordinal));
        Assert.Equal(session.Epoch, Assert.Single(_master.Sessions).Epoch);
    }

    [Fact]
    public void A_connection_that_went_dead_is_replaced_before_anybody_suspects()
    {
        // Thrice the term: a busy machine has time to redial within the half of it.
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address);
        SessionInfo session = test.CreateAndRenew();

        int accepted = proxy.Accepted;
        proxy.AbandonConnections();
        long deadlineNs = test.Follower.Session.DeadlineNs;
        Eventually.IsTrue(() => test.Follower.Session.DeadlineNs > deadlineNs + 1_500_000_000, "renewed over another");

        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
        Assert.True(proxy.Accepted > accepted);
    }

    [Fact]
    public void A_dial_that_was_swallowed_holds_up_nothing()
    {
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 8000);
        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address);
        SessionInfo session = test.CreateAndRenew();

        // Connected as far as the kernel goes, and then not a byte, ever.
        proxy.Stall();
        proxy.AbandonConnections();
        int accepted = proxy.Accepted;
        Eventually.IsTrue(() => proxy.Accepted > accepted, "dialled");
        proxy.AbandonConnections();
        proxy.Restore();

        test.BecomesRenewed();
        Assert.Equal(session.Epoch, test.Follower.Session.Epoch);
    }

    [Fact]
    public void A_create_is_not_left_waiting_on_a_dead_connection()
    {
        SessionInfo first = _test.Create();
        _master.Master.RevokeSession(first.SessionId, first.Epoch, "maintenance");
        _test.HearsOf($"lost {first.Epoch} Revoked");
        Eventually.IsTrue(() => _master.Sessions.Length == 0, "acknowledged");
        _proxy.AbandonConnections();

        SessionInfo second = _test.Create(timeoutMs: Limits.DefaultCreateTimeoutMs);

        Assert.True(second.Epoch > first.Epoch);
    }

    [Fact]
    public void Hundreds_of_broken_connections_do_not_end_the_renewals()
    {
        // A term that outlives all of it.
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 8000);
        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address);
        SessionInfo session = test.Create();
        Random random = new(20260102);

        for (int i = 0; i < 150; i++)
        {
            // Now in the middle of a renewal, now between two.
            Thread.Sleep(random.Next(0, 20));
            proxy.Cut();
            proxy.Restore();
        }

        test.BecomesRenewed();
        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
    }

    [Fact]
    public void A_follower_that_is_cut_off_closes_without_its_master()
    {
        SessionInfo session = _test.CreateAndRenew();
        _proxy.Cut();

        _test.Follower.Close();

        Assert.Equal($"lost {session.Epoch} Closed", _test.Told.Last());
        Eventually.IsTrue(() => _master.Ended(TestFollower.Identity, SessionEndReason.Expired) == 1, "expired");
        Assert.Contains(_test.Heard.Logged, record => record.Id == 2008);
    }

    public void Dispose()
    {
        _proxy.Restore();
        _test.Dispose();
        _proxy.Dispose();
        _master.Dispose();
    }

    private void Break(bool stalls)
    {
        if (stalls)
        {
            _proxy.Stall();
        }
        else
        {
            _proxy.Cut();
        }
    }
}
