using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>A holder that did not run for a while (a debugger, a suspended machine, a stalled disk).</summary>
public sealed class LeasePauseTests
{
    private readonly TestLease _test = new();

    private SessionLease Lease => _test.Lease;

    [Fact]
    public void A_holder_that_was_away_for_more_than_half_a_term_refuses_though_its_lease_runs()
    {
        _test.Pass(1000);
        _test.Renew();
        long deadlineNs = Lease.DeadlineNs;

        _test.Sleep((TestLease.TermMs / 2) + 1);

        Assert.True(_test.NowNs < deadlineNs);
        _test.AssertRefuses(SessionState.Jeopardy);
        _test.AssertMoved(SessionState.Jeopardy);
    }

    [Fact]
    public void A_shorter_stall_changes_nothing()
    {
        _test.Pass(500);
        _test.Renew();
        _test.Sleep((TestLease.TermMs / 2) - 1);

        Assert.Equal(SessionState.Alive, Lease.State);
    }

    [Fact]
    public void Answers_to_requests_from_before_the_pause_do_not_revive_it()
    {
        _test.Pass(1000);
        long sentNs = _test.NowNs;
        _test.Sleep(3500);
        long awakeNs = _test.NowNs;
        _test.TakeMoves();

        Lease.Accept(TestLease.Ok, sentNs, _test.NowNs);
        Lease.Accept(TestLease.Ok, awakeNs - 1, _test.NowNs);
        _test.AssertRefuses(SessionState.Jeopardy);
        _test.Pass(100);

        Lease.Accept(TestLease.Ok, awakeNs, _test.NowNs);
        _test.AssertMoved(SessionState.Alive);
        Assert.Equal(awakeNs + TestLease.UsableNs, Lease.DeadlineNs);
    }

    [Fact]
    public void An_end_from_before_the_pause_still_ends_it()
    {
        _test.Pass(1000);
        long sentNs = _test.NowNs;
        _test.Sleep(3500);

        Lease.Accept(TestLease.Ok with { Status = SessionStatus.SessionExpired }, sentNs, _test.NowNs);

        _test.AssertMoved(SessionState.Jeopardy, SessionState.Lost);
    }

    [Fact]
    public void A_pause_past_the_deadline_refuses_as_well_and_is_told_once()
    {
        _test.Pass(1000);
        _test.Sleep(60_000);
        _test.Sleep(60_000);

        _test.AssertRefuses(SessionState.Jeopardy);
        _test.AssertMoved(SessionState.Jeopardy);
        _test.Renew();
        _test.AssertMoved(SessionState.Alive);
    }

    [Fact]
    public void A_renewal_is_due_at_once_after_a_pause()
    {
        _test.Sleep(3500);

        Assert.True(Lease.IsRenewalDue(_test.NowNs));
    }
}
