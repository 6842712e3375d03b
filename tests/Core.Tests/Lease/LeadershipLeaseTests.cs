using CsCheck;
using Interop.Sessions.Lease;
using Xunit;

namespace Interop.Sessions.Core.Tests.Lease;

/// <summary>D_lead: until when an elected master acts.</summary>
public sealed class LeadershipLeaseTests
{
    private const long Ms = 1_000_000;
    private const uint TenPercent = 100_000;

    [Fact]
    public void It_begins_without_one_and_counts_from_before_the_request()
    {
        LeadershipLease lease = new(TenPercent);
        Assert.False(lease.MayAct(0));
        lease.Prolong(sentNs: 100 * Ms, termMs: 1100, nowNs: 300 * Ms);
        Assert.Equal((100 + 900) * Ms, lease.DeadlineNs);
        Assert.True(lease.MayAct((1000 * Ms) - 1));
        Assert.False(lease.MayAct(1000 * Ms));
    }

    [Fact]
    public void It_never_moves_back_and_counts_how_often_it_had_run_out()
    {
        LeadershipLease lease = new(TenPercent);
        lease.Prolong(1000 * Ms, 1100, 1000 * Ms);
        lease.Prolong(500 * Ms, 1100, 1100 * Ms);
        Assert.Equal((1900 * Ms, 1), (lease.DeadlineNs, lease.Interruptions));
        lease.Prolong(1500 * Ms, 1100, 1600 * Ms);
        Assert.Equal((2400 * Ms, 1), (lease.DeadlineNs, lease.Interruptions));
        lease.Prolong(2500 * Ms, 1100, 2600 * Ms);
        Assert.Equal((3400 * Ms, 2), (lease.DeadlineNs, lease.Interruptions));
    }

    [Fact]
    public void Once_ended_it_acts_no_more()
    {
        LeadershipLease lease = new(TenPercent);
        lease.Prolong(0, 1100, 0);
        lease.End();
        Assert.False(lease.MayAct(0));
    }

    /// <summary>
    /// Whatever the rates of two clocks within rho: a predecessor of patience T has stopped when the wait is over.
    /// </summary>
    [Fact]
    public void Patience_outlasts_a_term_on_any_two_clocks_within_the_bound() => Gen.Select(
        Gen.UInt[1, Limits.MaxTermMs], Gen.UInt[0, Limits.MaxClockRateBoundPpm], Gen.Double[-1, 1], Gen.Double[-1, 1])
        .Sample((termMs, ppm, first, second) =>
        {
            double rho = ppm / 1e6;
            double trueNs = LeaseArithmetic.PatienceNs(termMs, ppm) / (1 + (second * rho));
            double firstNs = trueNs * (1 + (first * rho));
            Assert.True(firstNs >= (termMs * 1e6) - 1);
        });
}
