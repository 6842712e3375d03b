using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class AccessPointsTests
{
    private readonly TestTable _test = new();

    private SessionTable Table => _test.Table;

    [Fact]
    public void The_answer_is_an_alive_server_with_its_endpoint_of_the_asked_kind()
    {
        Session server = _test.Create("a");

        Assert.Equal(
            new AccessPoint(server.Key.SessionId, server.Key.Epoch, "a", "nfs://a", Revision: server.Key.Epoch + 1),
            Find(server, AccessPointKind.Nfs, "volume"));
        Assert.Equal("iqn:a", Find(server, AccessPointKind.Iscsi, "volume").Endpoint);
    }

    [Fact]
    public void The_same_object_has_the_same_server_until_that_servers_session_ends()
    {
        Session caller = _test.Create(Nowhere("caller"));
        Session[] servers = [.. Enumerable.Range(0, 5).Select(i => _test.Create($"server-{i}"))];
        AccessPoint first = Find(caller, AccessPointKind.Nfs, "volume");

        _test.Create("newcomer");
        foreach (Session other in servers.Where(server => server.Key.SessionId != first.SessionId))
        {
            Assert.Equal(first, Find(caller, AccessPointKind.Nfs, "volume"));
            _test.Commit(table => table.Close(other.Key));
        }

        Assert.Equal(first, Find(caller, AccessPointKind.Nfs, "volume"));
        _test.Commit(table => table.Close(servers.Single(server => server.Key.SessionId == first.SessionId).Key));
        Assert.Equal("newcomer", Find(caller, AccessPointKind.Nfs, "volume").Identity);
        _test.AssertSound();
    }

    [Fact]
    public void An_assignment_is_durable_when_made_and_not_written_again()
    {
        Session server = _test.Create("a");

        Table.FindAccessPoint(server.Key, AccessPointKind.Nfs, "volume");
        Table.FindAccessPoint(server.Key, AccessPointKind.Nfs, "volume");

        Assert.Equal(
            new StoreChange.PutAssignment(AccessPointKind.Nfs, "volume", server.Key.SessionId),
            Assert.Single(Table.Changes));
        Table.Accept();
        Find(server, AccessPointKind.Nfs, "volume");
        Assert.Empty(Table.Changes);
    }

    [Fact]
    public void Objects_spread_over_all_servers()
    {
        Session caller = _test.Create(Nowhere("caller"));
        for (int i = 0; i < 4; i++)
        {
            _test.Create($"server-{i}");
        }

        Dictionary<string, int> counts = Enumerable.Range(0, 400)
            .CountBy(i => Find(caller, AccessPointKind.Iscsi, $"volume-{i}").Identity)
            .ToDictionary();

        Assert.Equal(4, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 70, 126));
        _test.AssertSound();
    }

    [Fact]
    public void Without_a_server_of_the_kind_there_is_no_access_point()
    {
        Session nowhere = _test.Create(Nowhere("a"));
        Session onlyNfs = _test.Create(TestTable.Server("b") with { Endpoints = [new(AccessPointKind.Nfs, "nfs://b")] });

        _test.AssertRefused(
            SessionStatus.NoAccessPoint, table => table.FindAccessPoint(nowhere.Key, AccessPointKind.Iscsi, "volume"));
        Assert.Equal("b", Find(nowhere, AccessPointKind.Nfs, "volume").Identity);
        _test.Commit(table => table.Close(onlyNfs.Key));
        _test.AssertRefused(
            SessionStatus.NoAccessPoint, table => table.FindAccessPoint(nowhere.Key, AccessPointKind.Nfs, "volume"));
    }

    [Theory]
    [InlineData(AccessPointKind.NvmeOf)]
    [InlineData(AccessPointKinds.FirstOfHosts)]
    [InlineData((AccessPointKind)uint.MaxValue)]
    public void An_object_of_any_kind_goes_to_a_server_that_has_one_of_it(AccessPointKind kind)
    {
        Session others = _test.Create("a");
        Session first = _test.Create(Nowhere("b") with { Endpoints = [new(AccessPointKind.Nfs, "nfs"), new(kind, "of b")] });
        Session second = _test.Create(Nowhere("c") with { Endpoints = [new(kind, "of c")] });

        string[] addresses = [.. Enumerable.Range(0, 50).Select(i => Find(others, kind, $"volume-{i}").Endpoint).Distinct().Order()];
        Assert.Equal(["of b", "of c"], addresses);
        _test.AssertSound();

        _test.Commit(table => table.Close(first.Key));
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal("c", Find(others, kind, $"volume-{i}").Identity));
        _test.Commit(table => table.Close(second.Key));
        _test.AssertRefused(SessionStatus.NoAccessPoint, table => table.FindAccessPoint(others.Key, kind, "volume-0"));
        _test.AssertSound();
    }

    [Fact]
    public void Of_several_endpoints_of_a_kind_the_first_address_is_told()
    {
        Session server = _test.Create(Nowhere("a") with
        {
            Endpoints = [new(AccessPointKind.Iscsi, "iqn"), new(AccessPointKind.Nfs, "first"), new(AccessPointKind.Nfs, "second")],
        });

        Assert.Equal("first", Find(server, AccessPointKind.Nfs, "volume").Endpoint);
        Assert.Equal("iqn", Find(server, AccessPointKind.Iscsi, "volume").Endpoint);
        _test.AssertSound();
    }

    [Fact]
    public void A_revoked_server_keeps_its_objects_but_gets_no_new_ones()
    {
        Session caller = _test.Create(Nowhere("caller"));
        Session server = _test.Create("a");
        AccessPoint kept = Find(caller, AccessPointKind.Nfs, "old");
        _test.Commit(table => table.Revoke(server.Key.SessionId, server.Key.Epoch));

        Assert.Equal(kept, Find(caller, AccessPointKind.Nfs, "old"));
        _test.AssertRefused(
            SessionStatus.NoAccessPoint, table => table.FindAccessPoint(caller.Key, AccessPointKind.Nfs, "new"));
        _test.Create("b");
        Assert.Equal("b", Find(caller, AccessPointKind.Nfs, "new").Identity);
    }

    [Fact]
    public void A_server_whose_revocation_failed_gets_objects_again()
    {
        Session server = _test.Create("a");
        Table.Revoke(server.Key.SessionId, server.Key.Epoch);
        Table.Undo();

        Assert.Equal("a", Find(server, AccessPointKind.Nfs, "volume").Identity);
    }

    [Fact]
    public void A_condemned_server_gets_no_new_objects()
    {
        Session caller = _test.Create(Nowhere("caller") with { TermMs = 60_000 });
        _test.Create("a");
        _test.Pass(TestTable.TermMs);
        Assert.Equal(1, Table.Expire(_test.NowNs, most: 10));
        Table.Undo();

        _test.AssertRefused(
            SessionStatus.NoAccessPoint, table => table.FindAccessPoint(caller.Key, AccessPointKind.Nfs, "volume"));
    }

    [Fact]
    public void An_undo_brings_no_assignment_back_behind_the_sweep()
    {
        Session caller = _test.Create(Nowhere("caller"));
        Session server = _test.Create("a");
        Find(caller, AccessPointKind.Nfs, "volume");
        _test.Create("b");
        _test.Commit(table => table.Close(server.Key));

        // The sweep passes while the object's new assignment is not yet committed, and then never will be.
        Table.FindAccessPoint(caller.Key, AccessPointKind.Nfs, "volume");
        Table.Expire(_test.NowNs, most: 10);
        Table.Undo();

        _test.AssertSound();
        Assert.Equal("b", Find(caller, AccessPointKind.Nfs, "volume").Identity);
    }

    [Fact]
    public void An_undo_of_a_servers_end_gives_it_its_objects_back()
    {
        Session caller = _test.Create(Nowhere("caller"));
        Session server = _test.Create("a");
        AccessPoint found = Find(caller, AccessPointKind.Nfs, "volume");
        _test.Create("b");

        Table.Close(server.Key);
        Assert.Equal("b", Table.FindAccessPoint(caller.Key, AccessPointKind.Nfs, "volume").Identity);
        Table.Undo();

        _test.AssertSound();
        Assert.Equal(found, Find(caller, AccessPointKind.Nfs, "volume"));
    }

    [Fact]
    public void A_senseless_question_is_refused()
    {
        Session server = _test.Create("a");

        _test.AssertRefused(
            SessionStatus.InvalidArgument, table => table.FindAccessPoint(server.Key, 0, "volume"));
        foreach (AccessPointKind kind in new[] { (AccessPointKind)4, AccessPointKinds.FirstOfHosts - 1 })
        {
            _test.AssertRefused(
                SessionStatus.InvalidArgument, table => table.FindAccessPoint(server.Key, kind, "volume"));
            _test.AssertRefused(
                SessionStatus.InvalidArgument, table => table.ReleaseAccessPoint(server.Key, kind, "volume", default));
        }

        _test.AssertRefused(
            SessionStatus.InvalidArgument, table => table.FindAccessPoint(server.Key, AccessPointKind.Nfs, ""));
        _test.AssertRefused(
            SessionStatus.TooLong,
            table => table.FindAccessPoint(
                server.Key, AccessPointKind.Nfs, new string('v', Limits.MaxObjectBytes + 1)));
        _test.AssertRefused(
            SessionStatus.WrongEpoch,
            table => table.FindAccessPoint(server.Key with { Epoch = 99 }, AccessPointKind.Nfs, "volume"));
        Assert.Equal("a", Find(server, AccessPointKind.Nfs, new string('v', Limits.MaxObjectBytes)).Identity);
    }

    private static ServerDescription Nowhere(string identity) =>
        TestTable.Server(identity) with { Endpoints = [] };

    private AccessPoint Find(Session caller, AccessPointKind kind, string objectName) =>
        _test.Commit(table => table.FindAccessPoint(caller.Key, kind, objectName));
}
