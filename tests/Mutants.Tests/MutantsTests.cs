using System;
using System.Linq;
using Xunit;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>The simulator notices each deliberate fault, within so many histories of known seeds; docs/reliability.md has the table.</summary>
public sealed class MutantsTests(ITestOutputHelper output)
{
    private const int MostHistories = 1000;

    public static TheoryData<string> Faults => [.. Fault.All.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_deliberate_fault_is_caught(string name)
    {
        Fault planted = Fault.All.Single(fault => fault.Name == name);
        (ulong Seed, string Failure)? first = FirstFailure(planted);

        output.WriteLine($"{first?.Seed}: {first?.Failure}");
        Assert.True(first != null, $"{name} was not noticed in {MostHistories} histories");
        Assert.Null(Product.Instance.Failure(null, first.Value.Seed));
        // tests/record-faults writes the table anew.
        Assert.Equal(ReliabilityTable.SeedOf(planted), first.Value.Seed);
    }

    [Fact]
    public void Without_a_fault_the_same_histories_are_kept() => Assert.Null(FirstFailure(null, 100));

    [Fact]
    public void All_faults_are_in_the_product_and_there_are_thirty_or_more()
    {
        Assert.All(Fault.All, fault => Assert.StartsWith("src/", fault.Path, StringComparison.Ordinal));
        Assert.True(Fault.All.Count >= 30);
    }

    [Fact]
    public void The_table_in_the_docs_has_these_faults()
    {
        // Only tests/record-faults asks for it: that is how the table is written.
        if (Environment.GetEnvironmentVariable("INTEROP_SESSIONS_RECORD_FAULTS") != null)
        {
            ReliabilityTable.Write(Fault.All.Select(fault => FirstFailure(fault) is { } first
                ? (fault, first.Seed, first.Failure)
                : throw new InvalidOperationException($"{fault.Name} was not noticed in {MostHistories} histories")));
        }

        Assert.Equal(Fault.All.Select(ReliabilityTable.BeginningOf), ReliabilityTable.Beginnings());
    }

    private static (ulong Seed, string Failure)? FirstFailure(Fault? fault, int most = MostHistories)
    {
        for (ulong seed = 1; seed <= (ulong)most; seed++)
        {
            if (Product.Instance.Failure(fault, seed) is { } failure)
            {
                return (seed, failure);
            }
        }

        return null;
    }
}
