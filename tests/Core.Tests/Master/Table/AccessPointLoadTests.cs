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
            Assert.InRange(load, Objects / Servers / 2, 2 * Objects / Servers);
            Dictionary<string, int> moved = EndAndFindAgain(dead);
            int others = Servers - 1 - (dead / 7);

            Assert.Equal(load, moved.Values.Sum());
            // Over those that have room: after the restarts many have five fourths of the average.
            Assert.InRange(moved.Count, others / 4, others);
            Assert.All(moved.Values, count => Assert.InRange(count, 1, 8 * load / others));
        }

        _test.AssertSound();
    }

    [Fact]
    public void Nobody_has_more_than_five_fourths_of_its_share()
    {
        FindAll();

        Assert.All(_servers, server => Assert.InRange(server.Assignments.Count, Objects / Servers * 4 / 5, (Objects / Servers * 5 / 4) + 1));
    }

    [Fact]
    public void Servers_that_join_take_nothing_away_and_get_what_comes_until_they_caught_up()
    {
        FindAll();
        Session[] joined = [.. Enumerable.Range(0, Servers).Select(i => _test.Create($"joined-{i}"))];
        Assert.Empty(MovedBy(() => { }));

        // As many objects again: while the others have more than five fourths of the average, those that joined get all.
        FindAll("new-");
        double share = joined.Sum(server => server.Assignments.Count) / (double)Objects;
        Assert.InRange(share, 0.7, 0.9);

        // And of what a dead server leaves, too.
        Dictionary<string, int> moved = MovedBy(() => End(0));
        double ofMoved = joined.Sum(server => moved.GetValueOrDefault(server.Description.Identity)) / (double)moved.Values.Sum();
        Assert.InRange(ofMoved, 0.4, 0.8);
    }

    [Fact]
    public void A_server_that_comes_back_gets_what_it_had_where_nobody_has_asked_meanwhile()
    {
        FindAll();
        string[] had = [.. _servers[7].Assignments.Select(place => place.ObjectName)];
        End(7);
        _servers[7] = _test.Create("server-7");

        int again = had.Count(name => Find(_test, name).Identity == "server-7");

        // All but those that it got when another was full.
        Assert.InRange(again, had.Length * 9 / 10, had.Length);
    }

    [Fact]
    public void Servers_get_objects_by_their_weights()
    {
        Session heavy = _test.Create(TestTable.Server("heavy") with { Weight = 10 * Limits.DefaultWeight });
        Session light = _test.Create(TestTable.Server("light") with { Weight = Limits.DefaultWeight / 2 });
        FindAll();

        double each = Objects / (Servers + 10.5);
        Assert.InRange(heavy.Assignments.Count, 8.5 * each, 11.5 * each);
        Assert.InRange(light.Assignments.Count, 0.35 * each, 0.65 * each);
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
