using System;
using System.Linq;
using Interop.Sessions.Simulator;
using Xunit;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>The simulator notices each deliberate fault, within so many histories of known seeds; docs/reliability.md has the table.</summary>
public sealed class MutantsTests(ITestOutputHelper output)
{
    private const int MostHistories = 4000;

    public static TheoryData<string> Faults => [.. Enum.GetNames<DeliberateFault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_deliberate_fault_is_caught(string fault)
    {
        DeliberateFaults.Present = Enum.Parse<DeliberateFault>(fault);
        HistoryFailure? failure = null;
        int histories = 0;
        foreach (ulong seed in Histories.SeedsFrom(1, MostHistories))
        {
            histories++;
            failure = History.Run(seed).Failure;
            if (failure != null)
            {
                break;
            }
        }

        DeliberateFaults.Present = null;
        output.WriteLine($"| {fault} | {histories} | {failure?.Message} |");
        Assert.True(failure != null, $"{fault} was not noticed in {MostHistories} histories");
        Assert.Null(History.Run(failure.Seed).Failure);
    }

    [Fact]
    public void Without_a_fault_the_same_histories_are_kept() =>
        Assert.Empty(Histories.Run(Histories.SeedsFrom(1, 100), TestContext.Current.CancellationToken).Failures.Values.Select(failure => failure.Message));
}
