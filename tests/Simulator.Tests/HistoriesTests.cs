using System;
using System.Collections.Generic;
using Xunit;

namespace Interop.Sessions.Simulator.Tests;

/// <summary>Whatever happens to clocks, networks, processes, stores and leaders, every promise is kept.</summary>
public sealed class HistoriesTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_thousand_known_histories_break_no_promise() => RunAll(firstSeed: 1, count: 2000);

    [Fact]
    public void Five_hundred_fresh_histories_break_no_promise() => RunAll((ulong)DateTime.UtcNow.Ticks, count: 500);

    /// <summary>A renewal that had reached a stopped leader counted seconds after its sender's end.</summary>
    [Theory]
    [InlineData(639313525532141204)]
    [InlineData(639313529652584332)]
    [InlineData(639313558564169269)]
    public void The_quiet_begins_with_nothing_that_was_put_off(ulong seed) => Assert.Null(History.Run(seed).Failure);

    /// <summary>What is left of a batch is not tried alone when nobody knows what the store has taken of an expiry in between.</summary>
    [Theory]
    [InlineData(900035)]
    public void Nothing_is_committed_after_a_commit_of_which_nobody_knows(ulong seed) => Assert.Null(History.Run(seed).Failure);

    /// <summary>
    /// A store that hung took a suspect's mark, then the word that it was heard of, and its leader began all leases between
    /// the two: the suspect had the time that its mark left it.
    /// </summary>
    [Theory]
    [InlineData(639315484463232744)]
    public void A_suspect_when_leases_begin_anew_has_what_its_mark_left_it(ulong seed) => Assert.Null(History.Run(seed).Failure);

    /// <summary>
    /// A session whose mark a hanging store did not forget made its process leave the leader, again and again, until the others of the
    /// process were not renewed in time.
    /// </summary>
    [Theory]
    [InlineData(639315502048840024)]
    public void A_session_that_waits_for_the_store_costs_no_other_of_its_process_its_lease(ulong seed) =>
        Assert.Null(History.Run(seed).Failure);

    [Fact]
    public void A_seed_replays_identically_and_another_does_not()
    {
        HistoryResult first = History.Run(42);

        Assert.Equal(first, History.Run(42));
        Assert.NotEqual(first.Fingerprint, History.Run(43).Fingerprint);
    }

    [Fact]
    public void A_trace_does_not_change_what_happens()
    {
        List<string> lines = [];

        HistoryResult traced = History.Run(7, lines.Add);

        Assert.Equal(History.Run(7).Fingerprint, traced.Fingerprint);
        Assert.Contains(lines, line => line.Contains("leads with epoch", StringComparison.Ordinal));
    }

    private void RunAll(ulong firstSeed, int count)
    {
        Histories histories = Histories.Run(Histories.SeedsFrom(firstSeed, count), TestContext.Current.CancellationToken);
        output.WriteLine($"from seed {firstSeed}: {histories}");

        Assert.Empty(histories.Failures.Values);
        Assert.Equal(count, histories.Count);

        // Histories in which nothing happens would promise nothing.
        Assert.True(histories.Leaderships >= 4 * count);
        Assert.True(histories.Counts.Renewed > 100 * count);
        Assert.True(histories.Counts.Effects > 100 * count);
        Assert.True(histories.Counts.Expired > count);
        Assert.True(histories.Counts.Reattached > count);
        Assert.True(histories.Counts.Lost > count);
        Assert.True(histories.Counts.Drained > count);
        Assert.True(histories.Counts.Moved > count / 10);
        Assert.True(histories.Counts.Fenced > count);
        Assert.True(histories.Counts.Items > 10 * count);
        Assert.True(histories.Counts.Shared > 10 * count);
        Assert.True(histories.Counts.Refused > count);
        Assert.True(histories.Counts.Late > count);
        Assert.True(histories.Counts.Stuck > count);
        Assert.True(histories.Counts.Broken > count);
        Assert.True(histories.Counts.Reached > 100 * count);
        Assert.True(histories.Counts.Found > 10 * count);
        Assert.True(histories.Counts.Released > 4 * count);
        Assert.True(histories.Counts.Divided > count / 50);
        Assert.True(histories.Counts.Watched > 50 * count);
        Assert.True(histories.Counts.WatchedWhole > 20 * count);
        Assert.True(histories.Counts.Resumed > 10 * count);
        Assert.True(histories.Counts.Compacted > count);
    }
}
