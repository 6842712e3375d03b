using System.Linq;
using Xunit;

namespace Interop.Sessions.Core.Tests;

/// <summary>How many lines are written.</summary>
public sealed class LogBudgetTests
{
    private const long Ms = 1_000_000;
    private readonly LogBudget _budget = new();

    [Fact]
    public void A_few_lines_are_written_at_once_and_then_one_in_a_while_which_counts_the_others()
    {
        Assert.Equal([0, 0, 0, -1, -1, -1], Enumerable.Range(0, 6).Select(_ => Spend("a", 0)));

        Assert.Equal(-1, Spend("a", Limits.LogPauseMs - 1));
        Assert.Equal(4, Spend("a", Limits.LogPauseMs));
        Assert.Equal(-1, Spend("a", Limits.LogPauseMs));
    }

    [Fact]
    public void After_a_quiet_time_a_few_are_written_at_once_again()
    {
        Assert.Equal(4, Enumerable.Range(0, 4).Count(_ => Spend("a", 0) >= -1));

        Assert.Equal([1, 0, 0, -1], Enumerable.Range(0, 4).Select(_ => Spend("a", 60_000)));
    }

    [Fact]
    public void Kinds_that_alternate_are_bounded_each()
    {
        int written = Enumerable.Range(0, 10_000).Count(i => Spend(i % 2 == 0 ? "a" : "b", i) >= 0);

        // Two kinds, ten seconds.
        Assert.Equal(2 * Limits.LogLinesAtOnce, written);
    }

    /// <summary>-1: none was written.</summary>
    private int Spend(string key, long nowMs) => _budget.TrySpend(key, nowMs * Ms, out int leftOut) ? leftOut : -1;
}
