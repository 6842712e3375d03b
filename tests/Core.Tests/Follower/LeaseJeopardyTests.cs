using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Lease;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>A holder that refuses its data path: it keeps no session from ending, and ends itself when that is sure.</summary>
public sealed class LeaseJeopardyTests
{
    private static readonly RenewalAnswer _lives = TestLease.Ok with { TermMs = 0 };

    /// <summary>After so long without an answer the lease has run out.</summary>
    private static readonly long _usableMs = (TestLease.UsableNs / TestLease.Ms) + 1;

    private TestLease _test = new();

    private SessionLease Lease => _test.Lease;

    [Fact]
    public void For_a_term_it_goes_on_renewing_and_then_it_only_asks()
    {
        _test.Asked(_usableMs);
        _test.AssertRefuses(SessionState.Jeopardy);

        Assert.Equal(Enumerable.Repeat(Asking.Renewal, 6), _test.Asked(TestLease.TermMs - 10).Select(asked => asked.What));
        Assert.Equal(Enumerable.Repeat(Asking.Inquiry, 6), _test.Asked(TestLease.TermMs).Select(asked => asked.What));
    }

    [Fact]
    public void That_it_lives_extends_nothing_and_is_answered_by_one_renewal_at_once()
    {
        _test.Asked(12_000);
        Assert.Equal(Asking.Inquiry, _test.Asked(TestLease.IntervalMs)[^1].What);

        _test.Accept(_lives);

        _test.AssertRefuses(SessionState.Jeopardy);
        Assert.True(Lease.IsRenewalDue(_test.NowNs));
        Assert.Equal(Asking.Renewal, Lease.BeginRenewal(_test.NowNs));
        Assert.Equal(Asking.Inquiry, _test.Asked(TestLease.IntervalMs)[^1].What);
        _test.Renew();
        Assert.Equal(SessionState.Alive, Lease.State);
    }

    [Fact]
    public void A_session_that_lives_is_not_renewed_while_its_host_is_not_well()
    {
        Lease.HealthyUntilNs = _test.NowNs;
        Assert.Equal([Asking.LastWord, .. Enumerable.Repeat(Asking.Nothing, 4)], _test.Asked(_usableMs).Select(asked => asked.What));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal([Asking.LastWord], _test.Asked(TestLease.IntervalMs).Select(asked => asked.What));
            _test.Accept(_lives);
        }

        _test.AssertRefuses(SessionState.Jeopardy);
    }

    [Fact]
    public void A_host_that_is_well_again_within_a_term_renews_at_the_next_moment()
    {
        Lease.HealthyUntilNs = _test.NowNs;
        _test.Asked(_usableMs);
        _test.AssertRefuses(SessionState.Jeopardy);

        Lease.HealthyUntilNs = long.MaxValue;

        Assert.Equal(Asking.Renewal, Assert.Single(_test.Asked(TestLease.IntervalMs)).What);
    }

    [Theory]
    [InlineData(0, 3 * TestLease.TermMs)]
    [InlineData(TestLease.TermMs, 3 * TestLease.TermMs)]
    [InlineData(60_000, TestLease.TermMs + (2 * 60_000))]
    public void Who_reaches_nobody_hears_LOST_when_the_session_is_over_by_every_bound_and_not_before(
        uint longestTermMs, uint boundMs)
    {
        _test = new TestLease(longestTermMs: longestTermMs);
        long lastRenewalMs = _test.Asked(TestLease.TermMs * 2).Last(asked => asked.What == Asking.Renewal).AfterMs;
        long overNs = TestLease.StartNs + ((lastRenewalMs + (Limits.RenewalWaitIntervals * TestLease.IntervalMs)) * TestLease.Ms) +
            LeaseArithmetic.PatienceNs(boundMs, TestLease.Bounds.ClockRateBoundPpm);

        PassUntil(overNs - 1);
        _test.AssertRefuses(SessionState.Jeopardy);
        PassUntil(overNs);

        _test.AssertRefuses(SessionState.Lost);
        Assert.Equal(SessionEndReason.Expired, Lease.EndReason);
        Assert.Null(Lease.EndedByLowerEpoch);
    }

    [Fact]
    public void The_loop_wakes_for_it()
    {
        for (int i = 0; i < 1000 && Lease.State != SessionState.Lost; i++)
        {
            _test.Asked(1);
            _test.NowNs = Lease.NextWakeNs;
            Lease.Tick(_test.NowNs);
        }

        Assert.Equal(SessionEndReason.Expired, Lease.EndReason);
    }

    [Fact]
    public void A_longer_term_that_was_promised_once_counts()
    {
        _test.Accept(TestLease.Ok with { TermMs = 20_000 });
        _test.Accept(TestLease.Ok);

        _test.Asked(60_000);
        Assert.Equal(SessionState.Jeopardy, Lease.State);
        _test.Asked(40_000);
        Assert.Equal(SessionState.Lost, Lease.State);
    }

    [Fact]
    public void A_session_that_the_master_says_lives_is_not_over()
    {
        Lease.HealthyUntilNs = 0;
        for (int i = 0; i < 60; i++)
        {
            _test.Asked(TestLease.IntervalMs);
            _test.Accept(_lives);
        }

        _test.AssertRefuses(SessionState.Jeopardy);
        _test.Asked(60_000);
        Assert.Equal(SessionEndReason.Expired, Lease.EndReason);
    }

    [Fact]
    public void A_holder_that_was_away_for_long_asks_first()
    {
        _test.Sleep(3_600_000);
        _test.AssertRefuses(SessionState.Jeopardy);

        Assert.All(_test.Asked(TestLease.TermMs - 1), asked => Assert.Equal(Asking.Renewal, asked.What));
        _test.Renew();
        Assert.Equal(SessionState.Alive, Lease.State);
    }

    [Theory]
    [InlineData(SessionStatus.Ok)]
    [InlineData(SessionStatus.UnknownSession)]
    [InlineData(SessionStatus.SessionExpired)]
    public void A_lower_master_epoch_that_goes_on_answering_ends_the_session_within_two_terms(SessionStatus status)
    {
        long startNs = _test.NowNs;
        while (Lease.State != SessionState.Lost)
        {
            AskAndHear(TestLease.Ok with { MasterEpoch = 3, Status = status });
            Assert.Equal(TestLease.MasterEpoch, Lease.MasterEpoch);
        }

        Assert.InRange((_test.NowNs - startNs) / TestLease.Ms, TestLease.TermMs, 2 * TestLease.TermMs);
        Assert.Equal(SessionEndReason.Unknown, Lease.EndReason);
        Assert.Equal(3UL, Lease.EndedByLowerEpoch);
        _test.AssertMoved(SessionState.Suspect, SessionState.Jeopardy, SessionState.Lost);
    }

    [Fact]
    public void A_lower_master_epoch_never_extends_a_lease()
    {
        long deadlineNs = Lease.DeadlineNs;
        while (Lease.State is SessionState.Alive or SessionState.Suspect)
        {
            Assert.Equal(deadlineNs, Lease.DeadlineNs);
            AskAndHear(TestLease.Ok with { MasterEpoch = 4 });
        }

        Assert.True(_test.NowNs >= deadlineNs);
    }

    [Fact]
    public void A_deposed_master_that_answers_for_a_while_ends_nothing_when_its_successor_is_heard()
    {
        while (Lease.State != SessionState.Jeopardy || _test.Asked(0).Count > 0)
        {
            AskAndHear(TestLease.Ok with { MasterEpoch = 4 });
        }

        _test.Renew();
        for (int i = 0; i < 4; i++)
        {
            AskAndHear(TestLease.Ok with { MasterEpoch = 4 });
        }

        Assert.NotEqual(SessionState.Lost, Lease.State);
    }

    [Fact]
    public void Late_answers_to_what_was_asked_before_the_higher_epoch_was_heard_end_nothing()
    {
        long beforeNs = _test.NowNs;
        _test.Pass(1000);
        _test.Accept(TestLease.Ok with { MasterEpoch = TestLease.MasterEpoch + 1 });
        while (_test.NowNs < beforeNs + (15_000 * TestLease.Ms))
        {
            _test.Pass(500);
            Lease.Accept(TestLease.Ok, beforeNs, _test.NowNs);
        }

        _test.AssertRefuses(SessionState.Jeopardy);
    }

    [Fact]
    public void A_single_word_of_a_lower_epoch_ends_nothing()
    {
        _test.Asked(TestLease.TermMs);
        _test.Accept(TestLease.Ok with { MasterEpoch = 3 });

        _test.Asked(TestLease.TermMs * 3 / 2);

        _test.AssertRefuses(SessionState.Jeopardy);
    }

    private void AskAndHear(RenewalAnswer answer)
    {
        foreach ((long _, Asking what) in _test.Asked(200))
        {
            Assert.NotEqual(Asking.Nothing, what);
            _test.Accept(answer);
        }
    }

    private void PassUntil(long ns)
    {
        while (_test.NowNs < ns)
        {
            _test.NowNs = long.Min(ns, _test.NowNs + (100 * TestLease.Ms));
            Lease.Tick(_test.NowNs);
        }
    }
}
