using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>How objects lie on servers that come and go, and that only those of a server that ended move.</summary>
public sealed class AccessPointLoadTests
{
    private const int Servers = 100;
    private const int Objects = 100_000;

    private static readonly SessionTableSettings _settings = new()
    {
        TermMs = TestTable.TermMs,
        MaxAccessPointsPerIdentity = Limits.MaxAccessPointAssignments,
    };

    private readonly TestTable _test = new(_settings);
    private readonly Session _caller;
    private readonly List<Session> _servers;
    private string[] _placed = [];

    public AccessPointLoadTests()
    {
        _caller = _test.Create(TestTable.Server("caller") with { Endpoints = [] });
        _servers = [.. Enumerable.Range(0, Servers).Select(i => _test.Create($"server-{i}"))];
    }

    [Fact]
    public void After_a_rolling_restart_the_load_of_a_dead_server_spreads_over_the_others()
    {
        FindAll();
        for (int i = 0; i < Servers; i++)
        {
            EndAndFindAgain(i);
            _servers[i] = _test.Create($"server-{i}");
        }

        for (int dead = 0; dead <= 70; dead += 7)
        {
            int load = _servers[dead].Assignments.Count;
            Assert.InRange(load, Objects / Servers, 2 * Objects / Servers);
            Dictionary<string, int> moved = EndAndFindAgain(dead);
            int others = Servers - 1 - (dead / 7);

            Assert.Equal(load, moved.Values.Sum());
            Assert.InRange(moved.Count, others * 3 / 4, others);
            Assert.All(moved.Values, count => Assert.InRange(count, 1, 4 * load / others));
        }

        _test.AssertSound();
    }

    [Fact]
    public void Nobody_has_much_more_than_the_average()
    {
        FindAll();

        Assert.All(
            _servers, server => Assert.InRange(server.Assignments.Count, (Objects / Servers) - 5, (Objects / Servers) + 5));
    }

    [Fact]
    public void Servers_that_join_take_nothing_away_and_get_twice_the_average_of_what_comes_until_they_caught_up()
    {
        FindAll();
        Session[] joined = [.. Enumerable.Range(0, Servers).Select(i => _test.Create($"joined-{i}"))];
        Assert.Empty(MovedBy(() => { }));

        // As many objects again: those that joined have been candidates for three quarters of them.
        FindAll("new-");
        double share = joined.Sum(server => server.Assignments.Count) / (double)Objects;
        Assert.InRange(share, 0.74, 0.76);

        // And of what a dead server leaves, too.
        Dictionary<string, int> moved = MovedBy(() => End(0));
        double ofMoved = joined.Sum(server => moved.GetValueOrDefault(server.Description.Identity)) / (double)moved.Values.Sum();
        Assert.InRange(ofMoved, 0.65, 0.85);
    }

    [Fact]
    public void A_successor_chooses_as_its_predecessor_would_have_chosen()
    {
        FindAll();
        for (int i = 0; i < Servers; i += 3)
        {
            End(i);
        }

        // It has loaded the sessions in another order than that in which they came and went.
        List<StoreChange> stored = [.. TableDump.AllOf(_test.Table).Select(TestTable.Stored)];
        stored.AddRange(_servers.SelectMany(server => server.Assignments.Select(
            place => new StoreChange.PutAssignment(place.Kind, place.ObjectName, server.Key.SessionId))).Where(
            put => TableDump.AllOf(_test.Table).Any(session => session.Key.SessionId == put.SessionId)));
        TestTable successor = new(_settings, TestTable.Empty(masterEpoch: 2) with
        {
            Revision = _test.Table.Revision,
            Content = [.. stored.OfType<StoreChange.PutSession>().Reverse(), .. stored.OfType<StoreChange.PutAssignment>()],
        });

        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(Find(_test, $"new-{i}").Identity, Find(successor, $"new-{i}").Identity);
        }
    }

    /// <summary>Ends a server and asks for its objects again; how many each other got.</summary>
    private Dictionary<string, int> EndAndFindAgain(int server)
    {
        string[] objects = [.. _servers[server].Assignments.Select(place => place.ObjectName)];
        End(server);
        return objects.CountBy(name => Find(_test, name).Identity).ToDictionary();
    }

    private void FindAll(string prefix = "object-") =>
        _placed = [.. Enumerable.Range(0, Objects).Select(i => Find(_test, $"{prefix}{i}").Identity)];

    private AccessPoint Find(TestTable test, string objectName) =>
        test.Commit(table => table.FindAccessPoint(_caller.Key, AccessPointKind.Nfs, objectName));

    private void End(int server) => _test.Commit(table => table.Close(_servers[server].Key));

    /// <summary>How many objects each server got, of those that moved.</summary>
    private Dictionary<string, int> MovedBy(Action change)
    {
        string[] before = Last();
        change();
        string[] after = Last();
        return before.Zip(after).Where(pair => pair.First != pair.Second).CountBy(pair => pair.Second).ToDictionary();
    }

    private string[] Last()
    {
        FindAll();
        return _placed;
    }
}
