using System;
using System.Diagnostics;
using System.Linq;
using Interop.Sessions.Hostile.Tests.Support;
using Xunit;

namespace Interop.Sessions.Hostile.Tests;

/// <summary>Each attack for some seconds, and what must be so at the end of any.</summary>
public sealed class AttackTests(ITestOutputHelper output) : IDisposable
{
    private const double Seconds = 1.5;

    /// <summary>Fewer than the attack that asks for most of them; enough for all others.</summary>
    private readonly Siege _siege = Siege.Begin("--max-sessions", "2000");

    public static TheoryData<string> Rows => [.. Attacks.All.Keys.Order(StringComparer.Ordinal)];

    public void Dispose() => _siege.Dispose();

    [Theory]
    [MemberData(nameof(Rows))]
    public void Neither_a_lease_nor_a_newcomer_nor_memory_suffers(string attack)
    {
        const int MostLogged = 20_000;
        using Attack made = Attacks.All[attack](_siege);
        double beforeMb = _siege.ResidentMb;
        int logged = _siege.Log.Length;
        double mostMb = 0;
        Stopwatch watch = Stopwatch.StartNew();

        int rounds = Siege.For(Seconds, () =>
        {
            made.Round();
            mostMb = Math.Max(mostMb, _siege.ResidentMb);
        });

        _siege.HonestStaysAlive();
        output.WriteLine(
            $"{rounds} rounds, {made.Sent} sent, {watch.Elapsed.TotalSeconds:F1} s, at most {mostMb:F0} MB, {beforeMb:F0} MB before");
        Assert.True(made.Sent > 0, "nothing was sent");
        Assert.True(mostMb < beforeMb + made.MostMb, $"{mostMb:F0} MB, {beforeMb:F0} MB before");
        Assert.True(_siege.Log.Length - logged < MostLogged + made.MostLogged, _siege.Log);
        made.End();
        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        _siege.MemoryReturns(beforeMb);
    }
}
