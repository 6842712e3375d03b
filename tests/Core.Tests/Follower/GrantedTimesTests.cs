using CsCheck;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>What a holder makes of the times that a master names.</summary>
public sealed class GrantedTimesTests
{
    [Theory]
    [InlineData(1666, 10_000, 1666)]
    [InlineData(0, 10_000, 100)]
    [InlineData(1, 10_000, 100)]
    [InlineData(uint.MaxValue, 10_000, 2500)]
    [InlineData(1, 1000, 50)]
    [InlineData(1, 200, 50)]
    [InlineData(uint.MaxValue, 200, 50)]
    [InlineData(1, 3_600_000, 36_000)]
    public void An_interval_is_kept_between_a_hundredth_and_a_fourth_of_the_term(uint saidMs, uint termMs, uint keptMs) =>
        Assert.Equal(keptMs, GrantedTimes.IntervalMs(saidMs, termMs));

    [Fact]
    public void Whatever_a_master_says_the_first_renewal_comes_within_a_fourth_of_the_term() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt[Limits.MinTermMs, Limits.MaxTermMs]).Sample((phaseMs, intervalMs, termMs) =>
        {
            SessionLease lease = new(
                new GrantedSession
                {
                    Key = TestLease.Key,
                    MasterEpoch = 1,
                    TermMs = termMs,
                    RenewalIntervalMs = intervalMs,
                    RenewalPhaseMs = phaseMs,
                },
                TestLease.Bounds, TestLease.StartNs, TestLease.StartNs);
            return lease.NextWakeNs <= TestLease.StartNs + (termMs / 4 * TestLease.Ms) &&
                lease.RenewalIntervalMs >= uint.Max(termMs / 100, 50);
        });

    [Fact]
    public void A_longer_term_than_any_master_may_grant_is_a_lease_of_the_longest()
    {
        TestLease test = new();
        TestLease longest = new();

        test.Accept(TestLease.Ok with { TermMs = uint.MaxValue });
        longest.Accept(TestLease.Ok with { TermMs = Limits.MaxTermMs });

        Assert.Equal(longest.Lease.DeadlineNs, test.Lease.DeadlineNs);
        Assert.Equal(Limits.MaxTermMs, test.Lease.TermMs);
    }

    [Fact]
    public void A_renewal_with_a_term_too_short_to_be_one_changes_nothing()
    {
        TestLease test = new();
        long deadlineNs = test.Lease.DeadlineNs;
        test.Pass(1000);

        test.Accept(TestLease.Ok with { TermMs = Limits.MinTermMs - 1 });

        Assert.Equal(TestLease.TermMs, test.Lease.TermMs);
        Assert.Equal(deadlineNs, test.Lease.DeadlineNs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Limits.MinTermMs - 1)]
    [InlineData(Limits.MaxTermMs + 1)]
    [InlineData(uint.MaxValue)]
    public void A_grant_without_a_usable_term_is_refused(uint termMs)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => SessionLease.RequireUsable(termMs, TestLease.Bounds));

        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains($"{termMs} ms", refusal.Message);
    }
}
