using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Assigning;

/// <summary>Whoever is there, a member that joins takes its share and no more, and one that leaves gives away what it had.</summary>
public sealed class RendezvousTests
{
    private const int Objects = 4000;

    private static readonly Gen<(string Name, uint Weight)[]> s_members =
        Gen.Select(Gen.Int[0, 100_000], Gen.Frequency((1, 1u), (1, 50u), (3, 100u), (1, 200u), (1, 10_000u)), (number, weight) => ($"server-{number}", weight))
            .Array[1, 12].Select(members => members.DistinctBy(member => member.Item1).ToArray());

    [Fact]
    public void One_that_joins_moves_its_share_to_itself_and_nothing_between_others() => Sample(200, (members, pick) =>
    {
        (string Name, uint Weight) joining = members[pick % members.Length];
        Rendezvous<string> servers = Of(members.Where(member => member != joining));
        string?[] before = Places(servers);
        servers.Add(joining.Name, joining.Name, joining.Weight);
        string?[] after = Places(servers);

        int moved = 0;
        foreach ((string? was, string? becomes) in before.Zip(after).Where(pair => pair.First != pair.Second))
        {
            Assert.Equal(joining.Name, becomes);
            moved++;
        }

        // Within six standard deviations of a binomial.
        double share = joining.Weight / members.Sum(member => (double)member.Weight);
        double deviation = Math.Sqrt(Objects * share * (1 - share));
        Assert.InRange(moved, (Objects * share) - (6 * deviation) - 1, (Objects * share) + (6 * deviation) + 1);
    });

    [Fact]
    public void One_that_leaves_moves_what_it_had_and_nothing_else_and_gets_it_back() => Sample(200, (members, pick) =>
    {
        (string Name, uint Weight) leaving = members[pick % members.Length];
        Rendezvous<string> servers = Of(members);
        string?[] before = Places(servers);
        servers.Remove(leaving.Name);
        string?[] after = Places(servers);

        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First != leaving.Name, pair.First == pair.Second));
        servers.Add(leaving.Name, leaving.Name, leaving.Weight);
        Assert.Equal(before, Places(servers));
    });

    [Fact]
    public void The_order_in_which_they_came_does_not_matter() => Sample(100, (members, pick) =>
    {
        Rendezvous<string> others = Of(members.Reverse());
        others.Remove(members[pick % members.Length].Name);
        others.Add(members[pick % members.Length].Name, members[pick % members.Length].Name, members[pick % members.Length].Weight);

        Assert.Equal(Places(Of(members)), Places(others));
    });

    [Fact]
    public void Nobody_gets_more_than_five_fourths_of_its_share_and_somebody_always_gets_it() => s_members.Sample(members =>
    {
        Dictionary<string, int> loads = members.ToDictionary(member => member.Name, _ => 0);
        Rendezvous<string> servers = new(member => loads[member]);
        foreach ((string name, uint weight) in members)
        {
            servers.Add(name, name, weight);
        }

        double all = members.Sum(member => (double)member.Weight);
        for (int i = 0; i < Objects; i++)
        {
            string chosen = servers.Choose(Hash64.Of($"object-{i}"));
            loads[chosen]++;
            servers.LoadChanged(chosen, 1);
            Assert.True(loads[chosen] <= Math.Ceiling(1.25 * (i + 1) * members.Single(member => member.Name == chosen).Weight / all), chosen);
        }

        Assert.Equal(Objects, servers.Loads);
    }, iter: 50);

    private static void Sample(int times, Action<(string Name, uint Weight)[], int> test) =>
        Gen.Select(s_members, Gen.Int[0, 100]).Sample((members, pick) => test(members, pick), iter: times);

    private static Rendezvous<string> Of(IEnumerable<(string Name, uint Weight)> members)
    {
        Rendezvous<string> servers = new(_ => 0);
        foreach ((string name, uint weight) in members)
        {
            servers.Add(name, name, weight);
        }

        return servers;
    }

    private static string?[] Places(Rendezvous<string> servers) =>
        [.. Enumerable.Range(0, Objects).Select(i => servers.Best(Hash64.Of($"object-{i}")))];
}
