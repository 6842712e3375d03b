using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Rights;

/// <summary>How often callers may ask, by the lines "rate ..." of a file of rules.</summary>
public sealed class CallRateTests
{
    private const long Second = 1_000_000_000;

    private readonly CallRates _rates = RatesOf("rate cs* creates=2 lists=1\nrate * creates=3");

    [Fact]
    public void A_second_has_as_many_calls_as_the_line_says_and_the_next_has_as_many_again()
    {
        Assert.Equal([true, true, false, false], Begin("cs1", CallClass.Create, 4, atNs: 0));
        Assert.Equal([true, true, false], Begin("cs1", CallClass.Create, 3, atNs: Second));
        Assert.Equal([true, false], Begin("cs1", CallClass.Create, 2, atNs: Second + (Second / 2)));
    }

    [Fact]
    public void A_refusal_says_who_how_many_by_which_line_and_when_to_ask_again()
    {
        Begin("cs1", CallClass.Create, 2, atNs: 0);
        SessionException refusal = _rates.Begin(Named("cs1"), CallClass.Create, Second / 5)!;
        Assert.Equal((SessionStatus.Overloaded, 300u), (refusal.Status, refusal.RetryAfterMs));
        Assert.Equal("'cs1' (token) makes more than 2 creates a second, which is the rate of line 2 of the rules", refusal.Message);
        Assert.Null(_rates.Begin(Named("cs1"), CallClass.Create, (Second / 5) + (refusal.RetryAfterMs * 1_000_000L)));
    }

    [Fact]
    public void Each_caller_and_each_class_is_counted_apart()
    {
        Assert.Equal([true, true, false], Begin("cs1", CallClass.Create, 3, atNs: 0));
        Assert.Equal([true, true, false], Begin("cs2", CallClass.Create, 3, atNs: 0));
        Assert.Equal([true, false], Begin("cs1", CallClass.List, 2, atNs: 0));
        Assert.All(Begin("cs1", CallClass.Other, 100, atNs: 0), Assert.True);
        Assert.Equal([true, true, true, false], Begin("meta", CallClass.Create, 4, atNs: 0));
    }

    [Fact]
    public void What_one_line_refuses_counts_for_no_other()
    {
        CallRates rates = RatesOf("rate * creates=10\nrate cs1 creates=1");
        Assert.Null(rates.Begin(Named("cs1"), CallClass.Create, 0));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("line 3", LineIn(rates.Begin(Named("cs1"), CallClass.Create, 0)!));
        }
    }

    [Fact]
    public void Callers_without_a_name_are_one()
    {
        CallRates rates = RatesOf("rate - calls=1");
        Assert.Null(rates.Begin(Caller.Nameless, CallClass.Other, 0));
        Assert.NotNull(rates.Begin(Caller.Nameless, CallClass.Other, 0));
        Assert.Null(rates.Begin(Named("cs1"), CallClass.Other, 0));
    }

    [Fact]
    public void As_many_callers_are_counted_as_there_is_room_for_and_those_that_were_quiet_make_room()
    {
        CallRates rates = RatesOf("rate * calls=1");
        for (int i = 0; i < Limits.MaxRatedCallers; i++)
        {
            Assert.Null(rates.Begin(Named($"c{i}"), CallClass.Other, 0));
        }

        Assert.Equal(SessionStatus.Overloaded, rates.Begin(Named("late"), CallClass.Other, Second / 2)!.Status);
        Assert.Null(rates.Begin(Named("late"), CallClass.Other, Second));
        Assert.Equal(1, rates.Count);
    }

    [Fact]
    public void A_caller_that_was_quiet_for_years_has_a_second_worth()
    {
        Begin("cs1", CallClass.Create, 2, atNs: 0);
        Assert.Equal([true, true, false], Begin("cs1", CallClass.Create, 3, atNs: long.MaxValue / 2));
    }

    private static string LineIn(SessionException refusal) => refusal.Message[refusal.Message.IndexOf("line ", System.StringComparison.Ordinal)..][..6];

    private static CallRates RatesOf(string lines) => new(AccessRulesText.Parse($"allow * hold *\n{lines}", "rules").Rates);

    private static Caller Named(string name) => Caller.Named(name, CallerProof.Token);

    private bool[] Begin(string name, CallClass call, int times, long atNs) =>
        [.. Enumerable.Range(0, times).Select(_ => _rates.Begin(Named(name), call, atNs) == null)];
}
