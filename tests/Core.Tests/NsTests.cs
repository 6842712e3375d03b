using System;
using System.Numerics;
using CsCheck;
using Xunit;

namespace Interop.Sessions.Core.Tests;

/// <summary>Milliseconds and nanoseconds, against exact arithmetic.</summary>
public sealed class NsTests
{
    private static readonly Gen<long> s_times = Gen.OneOf(
        Gen.Long, Gen.Long[-3 * Ns.PerMs, 3 * Ns.PerMs],
        Gen.Long[long.MinValue, long.MinValue + 1], Gen.Long[long.MaxValue - 1, long.MaxValue], Gen.Long[-1, 1].Select(n => n * Ns.PerMs));

    [Fact]
    public void Whatever_settings_and_the_wire_can_have_becomes_the_exact_time() =>
        Gen.UInt.Sample(ms => Ns.FromMs(ms) == new BigInteger(ms) * 1_000_000);

    [Fact]
    public void The_longest_time_there_is_becomes_no_short_one_and_no_endless_one()
    {
        const long Most = long.MaxValue / Ns.PerMs;
        Assert.Equal(Most * 1_000_000, Ns.FromMs(Most));
        Assert.Throws<OverflowException>(() => Ns.FromMs(Most + 1));
        Assert.Throws<OverflowException>(() => Ns.FromMs(-Most - 1));
        Assert.Throws<OverflowException>(() => Ns.FromMs(long.MaxValue));
    }

    [Fact]
    public void Whole_milliseconds_are_never_more_than_the_time() =>
        s_times.Sample(ns => Ns.ToMs(ns) == BigInteger.Divide(ns, 1_000_000));

    [Fact]
    public void Milliseconds_up_are_the_fewest_that_are_not_less_than_the_time() => s_times.Sample(ns =>
    {
        BigInteger up = new BigInteger(Ns.ToMsUp(ns)) * 1_000_000;
        return up >= ns && up - 1_000_000 < ns;
    });

    [Fact]
    public void A_time_of_dotnet_is_never_longer_by_more_than_it_can_say() => Gen.Long[0, long.MaxValue].Sample(ns =>
        Ns.ToTimeSpan(ns).Ticks * 100 <= ns && ns - (Ns.ToTimeSpan(ns).Ticks * 100) < 100);

    [Fact]
    public void What_is_left_is_the_difference_or_nothing_whatever_a_host_names() =>
        Gen.Select(s_times, Gen.Long[0, long.MaxValue]).Sample((untilNs, nowNs) =>
            Ns.Left(untilNs, nowNs) == BigInteger.Max(0, new BigInteger(untilNs) - nowNs));
}
