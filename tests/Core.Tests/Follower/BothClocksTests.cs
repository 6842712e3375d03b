using Interop.Sessions.Follower;
using Interop.Sessions.Lease;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>A lease is measured by two clocks: the larger of the bounds that their machines are given holds.</summary>
public sealed class BothClocksTests
{
    private const uint Larger = 200_000;
    private readonly TestLease _test = new();

    [Theory]
    [InlineData(0u, 100_000u)]
    [InlineData(50_000u, 100_000u)]
    [InlineData(Larger, Larger)]
    [InlineData(uint.MaxValue, Limits.MaxClockRateBoundPpm)]
    public void The_larger_bound_holds_as_far_as_one_may_be_configured(uint masterPpm, uint expected) =>
        Assert.Equal(TestLease.Bounds with { ClockRateBoundPpm = expected }, TestLease.Bounds.Beside(masterPpm));

    [Fact]
    public void A_create_counts_by_the_larger_bound()
    {
        SessionLease lease = new(
            new GrantedSession
            {
                Key = TestLease.Key,
                MasterEpoch = TestLease.MasterEpoch,
                TermMs = TestLease.TermMs,
                ClockRateBoundPpm = Larger,
                RenewalIntervalMs = TestLease.IntervalMs,
                RenewalPhaseMs = TestLease.PhaseMs,
            },
            TestLease.Bounds, TestLease.StartNs, TestLease.StartNs);

        Assert.Equal(DeadlineNs(TestLease.StartNs, Larger), lease.DeadlineNs);
    }

    [Fact]
    public void A_renewal_counts_by_the_largest_that_was_heard_of()
    {
        _test.Pass(1000);
        _test.Accept(TestLease.Ok with { ClockRateBoundPpm = Larger });
        _test.Pass(1000);

        // The next leader names none, or less.
        _test.Accept(TestLease.Ok with { MasterEpoch = TestLease.MasterEpoch + 1 });

        Assert.Equal(DeadlineNs(_test.NowNs, Larger), _test.Lease.DeadlineNs);
    }

    private static long DeadlineNs(long sentNs, uint rateBoundPpm) =>
        LeaseArithmetic.HolderDeadlineNs(sentNs, TestLease.TermMs, rateBoundPpm, TestLease.Bounds.EffectDelayMs);
}
