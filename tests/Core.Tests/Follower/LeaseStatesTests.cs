using Interop.Sessions.Follower;
using Interop.Sessions.Lease;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>What time and answers make of a lease.</summary>
public sealed class LeaseStatesTests
{
    private readonly TestLease _test = new();

    private SessionLease Lease => _test.Lease;

    [Fact]
    public void A_granted_lease_is_alive_from_before_its_request_and_not_from_the_answer()
    {
        TestLease slow = new(grantTookMs: 1500);

        Assert.Equal(SessionState.Alive, slow.Lease.State);
        Assert.Equal(TestLease.StartNs - (1500 * TestLease.Ms) + TestLease.UsableNs, slow.Lease.DeadlineNs);
        Assert.Empty(slow.TakeMoves());
    }

    [Fact]
    public void A_renewal_counts_from_before_its_request()
    {
        _test.Pass(1000);
        _test.Renew(sentAgoMs: 400);

        Assert.Equal(_test.NowNs - (400 * TestLease.Ms) + TestLease.UsableNs, Lease.DeadlineNs);
        _test.AssertMoved();
    }

    [Fact]
    public void Answers_that_overtake_each_other_do_not_shorten_the_lease()
    {
        _test.Pass(2000);
        _test.Renew(sentAgoMs: 100);
        long deadlineNs = Lease.DeadlineNs;

        _test.Renew(sentAgoMs: 1100);

        Assert.Equal(deadlineNs, Lease.DeadlineNs);
    }

    [Fact]
    public void Half_a_term_without_an_answer_makes_it_suspect_and_an_answer_alive_again()
    {
        _test.Pass((TestLease.TermMs / 2) - 1);
        Assert.Equal(SessionState.Alive, Lease.State);
        long deadlineNs = Lease.DeadlineNs;

        _test.Pass(1);
        _test.AssertMoved(SessionState.Suspect);
        Assert.Equal(deadlineNs, Lease.DeadlineNs);

        _test.Renew(sentAgoMs: 10);
        _test.AssertMoved(SessionState.Alive);
        Assert.Equal(TestLease.Key, Lease.Key);
    }

    [Fact]
    public void At_its_deadline_and_not_before_the_lease_refuses()
    {
        _test.Pass(3000);
        _test.AssertMoved(SessionState.Suspect);
        _test.NowNs = Lease.DeadlineNs - 1;
        Lease.Tick(_test.NowNs);
        Assert.Equal(SessionState.Suspect, Lease.State);

        _test.NowNs++;
        Lease.Tick(_test.NowNs);

        _test.AssertRefuses(SessionState.Jeopardy);
        _test.AssertMoved(SessionState.Jeopardy);
    }

    [Fact]
    public void A_lease_in_jeopardy_is_alive_again_when_the_master_still_knows_it()
    {
        _test.Pass(20_000);
        _test.AssertMoved(SessionState.Suspect, SessionState.Jeopardy);

        _test.Renew(sentAgoMs: 5);

        _test.AssertMoved(SessionState.Alive);
        Assert.Equal(_test.NowNs - (5 * TestLease.Ms) + TestLease.UsableNs, Lease.DeadlineNs);
    }

    [Fact]
    public void An_answer_that_took_as_long_as_the_lease_revives_nothing()
    {
        _test.Pass(20_000);
        _test.TakeMoves();

        Lease.Accept(TestLease.Ok, _test.NowNs - TestLease.UsableNs, _test.NowNs);

        _test.AssertRefuses(SessionState.Jeopardy);
        _test.AssertMoved();

        Lease.Accept(TestLease.Ok, _test.NowNs - TestLease.UsableNs + 1, _test.NowNs);
        _test.AssertMoved(SessionState.Alive);
        Assert.Equal(_test.NowNs + 1, Lease.DeadlineNs);
    }

    [Fact]
    public void The_term_of_the_last_answer_is_the_term()
    {
        _test.Accept(TestLease.Ok with { TermMs = 3000 });

        Assert.Equal(3000u, Lease.TermMs);
        _test.Pass(1499);
        Assert.Equal(SessionState.Alive, Lease.State);
        _test.Pass(1);
        Assert.Equal(SessionState.Suspect, Lease.State);
    }

    [Fact]
    public void Closing_refuses_at_once_and_is_told_once()
    {
        Lease.End(SessionEndReason.Closed);
        Lease.End(SessionEndReason.Expired);
        _test.Pass(20_000);
        _test.Renew();

        _test.AssertRefuses(SessionState.Lost);
        Assert.Equal(SessionEndReason.Closed, Lease.EndReason);
        _test.AssertMoved(SessionState.Lost);
        Assert.False(Lease.IsRenewalDue(_test.NowNs));
    }

    [Fact]
    public void The_next_wake_is_the_next_thing_that_time_alone_changes()
    {
        Assert.Equal(TestLease.StartNs + (TestLease.PhaseMs * TestLease.Ms), Lease.NextWakeNs);
        long nextSendNs = Lease.NextWakeNs;
        for (int i = 0; i < 10; i++)
        {
            _test.NowNs = nextSendNs;
            Lease.Tick(_test.NowNs);
            Lease.BeginRenewal(_test.NowNs);
            Assert.True(Lease.NextWakeNs > _test.NowNs);
            nextSendNs = _test.NowNs + (TestLease.IntervalMs * TestLease.Ms);
            Assert.True(Lease.NextWakeNs <= nextSendNs);
        }
    }

    [Theory]
    [InlineData(6000, 0, 4000, true)]
    [InlineData(6000, 0, 4001, false)]
    [InlineData(6000, 500_000, 0, true)]
    [InlineData(6000, 500_000, 1, false)]
    [InlineData(10_000, 100_000, 4847, true)]
    [InlineData(10_000, 100_000, 4848, false)]
    public void A_term_of_which_less_than_a_third_is_usable_is_refused(
        uint termMs, uint rateBoundPpm, uint effectDelayMs, bool isUsable)
    {
        HolderBounds bounds = new(rateBoundPpm, effectDelayMs);
        if (isUsable)
        {
            SessionLease.RequireUsable(termMs, bounds);
            Assert.True(LeaseArithmetic.HolderDeadlineNs(0, termMs, rateBoundPpm, effectDelayMs) > 0);
            return;
        }

        SessionException refusal = Assert.Throws<SessionException>(() => SessionLease.RequireUsable(termMs, bounds));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains($"effect_delay_ms {effectDelayMs}", refusal.Message);
    }
}
