using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>The health gate, and schedules that a master changes.</summary>
public sealed class LeaseHealthTests
{
    private readonly TestLease _test = new();

    private SessionLease Lease => _test.Lease;

    [Fact]
    public void A_host_that_vouches_no_more_sends_no_renewal_and_loses_its_lease()
    {
        Lease.HealthyUntilNs = _test.NowNs + (TestLease.PhaseMs * TestLease.Ms);

        Assert.Equal(0, SendsWithin(TestLease.TermMs));

        _test.AssertMoved(SessionState.Suspect, SessionState.Jeopardy);
    }

    [Fact]
    public void A_host_that_is_well_again_renews_on_schedule()
    {
        Lease.HealthyUntilNs = 0;
        Assert.Equal(0, SendsWithin(3 * TestLease.IntervalMs));

        Lease.HealthyUntilNs = long.MaxValue;

        Assert.Equal(3, SendsWithin(3 * TestLease.IntervalMs));
    }

    [Fact]
    public void The_loop_sleeps_while_renewals_are_withheld()
    {
        Lease.HealthyUntilNs = 0;
        _test.NowNs = Lease.NextWakeNs;

        Assert.Equal(Asking.LastWord, Lease.BeginRenewal(_test.NowNs));

        Assert.True(Lease.NextWakeNs > _test.NowNs);
        _test.NowNs = Lease.NextWakeNs;
        Assert.Equal(Asking.Nothing, Lease.BeginRenewal(_test.NowNs));
    }

    [Fact]
    public void A_gate_that_closes_is_told_once_each_time_and_its_answer_prolongs_nothing()
    {
        for (int i = 0; i < 2; i++)
        {
            _test.Renew();
            Lease.HealthyUntilNs = 0;
            long deadlineNs = Lease.DeadlineNs;
            Assert.Equal(
                [Asking.LastWord, Asking.Nothing, Asking.Nothing],
                _test.Asked(3 * TestLease.IntervalMs).Select(asked => asked.What).Take(3));
            _test.Accept(TestLease.Ok with { TermMs = 0 });
            Assert.Equal((deadlineNs, SessionState.Suspect), (Lease.DeadlineNs, Lease.State));

            Lease.HealthyUntilNs = long.MaxValue;
            Assert.Equal(Asking.Renewal, Assert.Single(_test.Asked(TestLease.IntervalMs)).What);
        }
    }

    [Fact]
    public void A_master_may_ask_for_renewals_less_often_and_more_often_again()
    {
        Lease.Accept(TestLease.Ok with { TermMs = 12_000, IntervalMs = 2000 }, _test.NowNs, _test.NowNs);
        Assert.Equal(2000u, Lease.RenewalIntervalMs);
        Assert.Equal(6, SendsWithin(12_000));

        // By the shorter schedule one is overdue.
        _test.Accept(TestLease.Ok with { IntervalMs = 500 });
        Assert.Equal(1 + 6, SendsWithin(3000));
    }

    [Theory]
    [InlineData(6000)]
    [InlineData(uint.MaxValue)]
    public void A_schedule_too_slow_for_the_term_is_not_kept(uint intervalMs)
    {
        _test.Accept(TestLease.Ok with { IntervalMs = intervalMs });

        Assert.Equal(TestLease.TermMs / Limits.MinRenewalsPerTerm, Lease.RenewalIntervalMs);
    }

    private int SendsWithin(long ms)
    {
        int sends = 0;
        for (long end = _test.NowNs + (ms * TestLease.Ms); _test.NowNs < end;)
        {
            _test.NowNs += 10 * TestLease.Ms;
            Lease.Tick(_test.NowNs);
            if (Lease.IsRenewalDue(_test.NowNs) && Lease.BeginRenewal(_test.NowNs) == Asking.Renewal)
            {
                sends++;
            }
        }

        return sends;
    }
}
