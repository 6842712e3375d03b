using System.Numerics;
using CsCheck;
using Interop.Sessions.Lease;
using Xunit;

namespace Interop.Sessions.Core.Tests.Lease;

/// <summary>The sums that promise P1 rests on, against exact rational arithmetic.</summary>
public sealed class LeaseArithmeticTests
{
    private const long NsPerMs = 1_000_000;

    private static readonly Gen<uint> _terms = Gen.UInt[1, Limits.MaxTermMs];
    private static readonly Gen<uint> _rates = Gen.UInt[0, Limits.MaxClockRateBoundPpm];
    private static readonly Gen<uint> _delays = Gen.UInt[0, Limits.MaxTermMs];
    private static readonly Gen<long> _clocks = Gen.Long[0, long.MaxValue / 2];

    [Fact]
    public void The_usable_term_is_the_exact_quotient_rounded_down() =>
        Gen.Select(_terms, _rates).Sample((termMs, ratePpm) =>
        {
            BigInteger exact = BigInteger.Divide(
                new BigInteger(termMs) * NsPerMs * (1_000_000 - ratePpm), 1_000_000 + ratePpm);
            return LeaseArithmetic.UsableTermNs(termMs, ratePpm) == exact;
        });

    [Fact]
    public void The_holder_stops_the_effect_delay_before_its_usable_term_ends() =>
        Gen.Select(_clocks, _terms, _rates, _delays).Sample((sentNs, termMs, ratePpm, delayMs) =>
        {
            BigInteger exact = new BigInteger(sentNs)
                + BigInteger.Divide(new BigInteger(termMs) * NsPerMs * (1_000_000 - ratePpm), 1_000_000 + ratePpm)
                - (new BigInteger(delayMs) * NsPerMs);
            return LeaseArithmetic.HolderDeadlineNs(sentNs, termMs, ratePpm, delayMs) == exact;
        });

    [Fact]
    public void The_master_waits_for_the_whole_term() =>
        Gen.Select(_clocks, _terms).Sample((receivedNs, termMs) =>
            LeaseArithmetic.MasterDeadlineNs(receivedNs, termMs) == receivedNs + (termMs * NsPerMs));

    /// <summary>
    /// P1 itself: the holder's clock runs at its slowest, the master's at its fastest, the message takes no time, and
    /// the effect follows its check as late as allowed. It must still not come after the master's expiry.
    /// </summary>
    [Fact]
    public void No_effect_of_the_holder_comes_after_the_masters_expiry_with_the_worst_clocks() =>
        Gen.Select(_terms, _rates, Gen.UInt[0, 1000]).Sample((termMs, ratePpm, delayMs) =>
        {
            BigInteger holderNs = LeaseArithmetic.HolderDeadlineNs(0, termMs, ratePpm, 0);
            BigInteger masterNs = LeaseArithmetic.MasterDeadlineNs(0, termMs);

            // Real time of a clock's reading: reading / rate. Multiplied out, so that nothing is rounded.
            return holderNs * (1_000_000 + ratePpm) <= masterNs * (1_000_000 - ratePpm)
                && LeaseArithmetic.HolderDeadlineNs(0, termMs, ratePpm, delayMs) == holderNs - (delayMs * NsPerMs);
        });

    [Theory]
    [InlineData(10_000, 0, 0, 10_000_000_000)]
    [InlineData(10_000, 100_000, 0, 8_181_818_181)]
    [InlineData(10_000, 100_000, 500, 7_681_818_181)]
    [InlineData(3_600_000, 500_000, 0, 1_200_000_000_000)]
    public void Known_terms_have_known_deadlines(uint termMs, uint ratePpm, uint delayMs, long deadlineNs) =>
        Assert.Equal(deadlineNs, LeaseArithmetic.HolderDeadlineNs(0, termMs, ratePpm, delayMs));
}
