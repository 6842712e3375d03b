using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>When renewals are sent.</summary>
public sealed class LeaseScheduleTests
{
    private readonly TestLease _test = new();

    private SessionLease Lease => _test.Lease;

    [Fact]
    public void The_first_renewal_is_due_after_the_phase_and_then_one_every_interval()
    {
        Assert.Equal([300, 1300, 2300, 3300, 4300], SendsWithin(5000));
    }

    [Fact]
    public void A_due_renewal_is_begun_once()
    {
        _test.Pass(300);
        Assert.True(Lease.IsRenewalDue(_test.NowNs));

        Assert.Equal(Asking.Renewal, Lease.BeginRenewal(_test.NowNs));

        Assert.False(Lease.IsRenewalDue(_test.NowNs));
    }

    [Fact]
    public void What_a_stall_missed_is_not_caught_up_and_the_schedule_stays()
    {
        Assert.Equal([300], SendsWithin(400));
        _test.NowNs += 3450 * TestLease.Ms;

        Assert.True(Lease.IsRenewalDue(_test.NowNs));
        Lease.BeginRenewal(_test.NowNs);

        // The stall ended at 3850: one renewal then, the next on the old schedule.
        Assert.Equal([4300, 5300], SendsWithin(2000));
    }

    [Fact]
    public void Renewals_go_on_for_a_term_while_the_lease_refuses()
    {
        _test.Pass(6000);
        _test.AssertRefuses(SessionState.Jeopardy);

        Assert.True(Lease.IsRenewalDue(_test.NowNs));
        Lease.BeginRenewal(_test.NowNs);
        Assert.Equal(3, SendsWithin(3000).Count);
    }

    [Fact]
    public void A_lost_lease_is_renewed_no_more()
    {
        Lease.End(SessionEndReason.Closed);

        Assert.Empty(SendsWithin(10_000));
    }

    private List<long> SendsWithin(long ms)
    {
        List<long> sends = [];
        foreach (long _ in Enumerable.Range(0, (int)(ms / 50)))
        {
            _test.NowNs += 50 * TestLease.Ms;
            Lease.Tick(_test.NowNs);
            if (Lease.IsRenewalDue(_test.NowNs))
            {
                Lease.BeginRenewal(_test.NowNs);
                sends.Add((_test.NowNs - TestLease.StartNs) / TestLease.Ms);
            }
        }

        return sends;
    }
}
