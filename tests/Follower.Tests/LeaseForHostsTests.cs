using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>The lease as a .NET host asks for it, and waits for its end.</summary>
public sealed class LeaseForHostsTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public void A_lease_is_valid_for_its_own_epoch_only_and_until_the_data_path_refuses()
    {
        using TestFollower test = new(_master.Address);
        Assert.False(test.Follower.IsLeaseValid(0));
        SessionInfo session = test.Create();

        Assert.True(test.Follower.IsLeaseValid(session.Epoch));
        Assert.False(test.Follower.IsLeaseValid(session.Epoch + 1));
        Assert.False(test.Follower.IsLeaseValid(0));

        _master.Master.RevokeSession(session.SessionId, session.Epoch, "maintenance");
        test.HearsOf($"lost {session.Epoch} Revoked");
        Assert.False(test.Follower.IsLeaseValid(session.Epoch));
    }

    [Fact]
    public void A_lease_goes_by_the_larger_bound_on_clock_errors_of_both_sides()
    {
        const uint SceptPpm = 400_000;
        using RunningMaster sceptic = new(new History(), options => options.ClockRateBoundPpm = SceptPpm);
        using TestFollower test = new(sceptic.Address);

        // Three sevenths of the term, where the follower's own bound would leave nine elevenths: of the create, and of renewals.
        test.CreateAndRenew();

        for (int i = 0; i < 3; i++)
        {
            test.BecomesRenewed();
            Assert.InRange(test.Follower.Session.DeadlineNs - BootClock.NowNs, long.MinValue, Ns.FromMs(RunningMaster.TermMs) * 3 / 7);
        }
    }

    [Fact]
    public void A_lease_that_runs_out_is_told_and_one_that_comes_back_is_told_anew()
    {
        using TcpProxy proxy = new(_master.Port);
        using TestFollower test = new(proxy.Address);
        SessionInfo session = test.CreateAndRenew();
        CancellationToken lost = test.Follower.LeaseLost(session.Epoch);
        Assert.False(lost.IsCancellationRequested);

        proxy.Cut();
        Eventually.IsTrue(() => lost.IsCancellationRequested, "told that the lease is over");
        Assert.False(test.Follower.IsLeaseValid(session.Epoch));
        Assert.True(test.Follower.LeaseLost(session.Epoch).IsCancellationRequested);
        Task<SessionInfo> back = test.Follower.WaitForLeaseAsync();
        proxy.Restore();

        // The session, or, on a machine that was too slow, its end.
        Eventually.IsTrue(() => back.IsCompleted || test.State == SessionState.Lost, "alive again, or lost");
        if (back.IsCompleted)
        {
            Assert.Equal(session.Epoch, back.Result.Epoch);
            Assert.True(lost.IsCancellationRequested);
        }
    }

    [Fact]
    public void What_is_done_when_the_lease_is_over_delays_no_renewal()
    {
        using TcpProxy proxy = new(_master.Port);
        using TestFollower test = new(
            new FollowerManagerOptions { Endpoints = [proxy.Address] }, recreate: RecreatePolicy.AfterLoss);
        using ManualResetEventSlim isOver = new();
        using ManualResetEventSlim mayGoOn = new();
        SessionInfo session = test.CreateAndRenew();
        using CancellationTokenRegistration registration = test.Follower.LeaseLost(session.Epoch).Register(() =>
        {
            isOver.Set();
            mayGoOn.Wait(Eventually.Patience);
        });

        proxy.Cut();
        Eventually.IsSet(isOver, "told that the lease is over");
        proxy.Restore();

        SessionInfo held = Eventually.ResultOf(test.Follower.WaitForLeaseAsync());
        test.BecomesRenewed();
        Assert.True(held.Epoch >= session.Epoch);
        mayGoOn.Set();
    }

    [Fact]
    public void A_lease_can_be_watched_from_its_first_callback_on_and_a_close_ends_it()
    {
        using TestFollower test = new(_master.Address);
        CancellationToken lost = new(canceled: true);
        test.Callbacks.OnCreated = session =>
        {
            lost = test.Follower.LeaseLost(session.Epoch);
            return true;
        };
        test.Create();
        Assert.False(lost.IsCancellationRequested);

        test.Follower.Close();

        Assert.True(lost.IsCancellationRequested);
    }

    [Fact]
    public void Who_waits_for_a_lease_gets_the_session_after_its_callbacks()
    {
        using TestFollower test = new(_master.Address);
        Task<SessionInfo> waiting = test.Follower.WaitForLeaseAsync();
        bool wasEarly = false;
        test.Callbacks.OnCreated = _ => !(wasEarly = waiting.IsCompleted);

        SessionInfo session = test.Create();

        Assert.Equal(session.Epoch, Eventually.ResultOf(waiting).Epoch);
        Assert.False(wasEarly);
        Assert.Equal(session.Epoch, Eventually.ResultOf(test.Follower.WaitForLeaseAsync()).Epoch);
    }

    [Fact]
    public void Who_waits_for_a_lease_hears_of_a_close_or_of_his_own_token()
    {
        using TestFollower test = new(_master.Address);
        Task waiting = test.Follower.WaitForLeaseAsync();
        using CancellationTokenSource cancel = new();
        Task cancelled = test.Follower.WaitForLeaseAsync(cancel.Token);
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Eventually.HasEnded(cancelled));

        test.Follower.Close();

        Assert.Equal(SessionStatus.Cancelled, Assert.Throws<SessionException>(() => Eventually.HasEnded(waiting)).Status);
        Assert.Equal(
            SessionStatus.Cancelled,
            Assert.Throws<SessionException>(() => Eventually.HasEnded(test.Follower.WaitForLeaseAsync())).Status);
    }

    public void Dispose() => _master.Dispose();
}
