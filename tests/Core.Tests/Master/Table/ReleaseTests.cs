using System.Collections.Generic;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class ReleaseTests
{
    private const string Volume = "volume";

    private readonly TestTable _test = new();
    private readonly Session _caller;

    public ReleaseTests() =>
        _caller = _test.Create(TestTable.Server("caller") with { Endpoints = [] });

    private SessionTable Table => _test.Table;

    [Fact]
    public void A_release_is_durable_and_leaves_the_object_to_be_assigned_anew()
    {
        Session former = _test.Create("a");
        AccessPoint found = Find();
        _test.Create("b");

        Table.ReleaseAccessPoint(_caller.Key, AccessPointKind.Nfs, Volume, ReleasedAssignment.Of(found));

        Assert.Equal(
            new StoreChange.RemoveAssignment(AccessPointKind.Nfs, Volume, former.Key.SessionId),
            Assert.Single(Table.Changes));
        Table.Accept();
        _test.AssertSound();
        _test.Commit(table => table.Revoke(former.Key.SessionId, former.Key.Epoch));
        Assert.Equal("b", Find().Identity);
    }

    [Fact]
    public void Releasing_what_is_not_assigned_is_fine_and_changes_nothing()
    {
        _test.Create("a");
        AccessPoint found = Find();
        Release(found);
        string before = TableDump.Of(Table);

        Table.ReleaseAccessPoint(_caller.Key, AccessPointKind.Nfs, Volume, ReleasedAssignment.Of(found));
        Table.ReleaseAccessPoint(_caller.Key, AccessPointKind.Nfs, "never asked for", default);
        Table.ReleaseAccessPoint(_caller.Key, AccessPointKind.Iscsi, Volume, default);

        Assert.Empty(Table.Changes);
        Assert.Equal(before, TableDump.Of(Table));
    }

    [Fact]
    public void A_copy_of_a_release_that_comes_late_takes_no_newer_assignment_away()
    {
        _test.Create("a");
        AccessPoint former = Find();
        Release(former);
        AccessPoint newer = Find();
        Assert.Equal(former.SessionId, newer.SessionId);

        Release(former);

        Assert.Equal(newer, Find());
    }

    [Fact]
    public void A_copy_that_comes_after_the_server_ended_takes_nothing_from_the_next()
    {
        Session server = _test.Create("a");
        AccessPoint former = Find();
        _test.Create("b");
        _test.Commit(table => table.Close(server.Key));
        AccessPoint newer = Find();

        Release(former);

        Assert.Equal("b", newer.Identity);
        Assert.Equal(newer, Find());
    }

    [Fact]
    public void Without_a_name_a_release_means_whichever_assignment_there_is()
    {
        _test.Create("a");
        AccessPoint found = Find();

        Release(null);

        Assert.NotEqual(found.Revision, Find().Revision);
    }

    [Fact]
    public void After_a_restart_an_object_is_released_by_what_was_found_before_it()
    {
        Session server = _test.Create("a");
        AccessPoint found = Find();
        TestTable successor = Successor(server);

        successor.Commit(table => table.ReleaseAccessPoint(
            _caller.Key, AccessPointKind.Nfs, Volume, ReleasedAssignment.Of(found)));

        Assert.NotEqual(0UL, FindIn(successor).Revision);
    }

    [Fact]
    public void After_a_restart_a_copy_of_a_release_by_what_was_loaded_takes_no_newer_assignment_away()
    {
        TestTable successor = Successor(_test.Create("a"));
        AccessPoint loaded = FindIn(successor);
        Assert.Equal(0UL, loaded.Revision);
        void ReleaseLoaded() => successor.Commit(table => table.ReleaseAccessPoint(
            _caller.Key, AccessPointKind.Nfs, Volume, ReleasedAssignment.Of(loaded)));

        ReleaseLoaded();
        AccessPoint newer = FindIn(successor);
        Assert.Equal(loaded.SessionId, newer.SessionId);
        ReleaseLoaded();

        Assert.Equal(newer, FindIn(successor));
    }

    [Fact]
    public void Any_session_may_release_but_no_stranger()
    {
        _test.Create("a");
        Find();
        Session other = _test.Create("other");

        _test.AssertRefused(
            SessionStatus.WrongNonce,
            table => table.ReleaseAccessPoint(other.Key with { Nonce = 0 }, AccessPointKind.Nfs, Volume, default));
        _test.AssertRefused(
            SessionStatus.InvalidArgument, table => table.ReleaseAccessPoint(other.Key, 0, Volume, default));
        _test.AssertRefused(
            SessionStatus.TooLong,
            table => table.ReleaseAccessPoint(
                other.Key, AccessPointKind.Nfs, new string('v', Limits.MaxObjectBytes + 1), default));
        _test.Commit(table => table.ReleaseAccessPoint(other.Key, AccessPointKind.Nfs, Volume, default));

        Assert.DoesNotContain("serves", TableDump.Of(Table), System.StringComparison.Ordinal);
    }

    private AccessPoint Find() => FindIn(_test);

    private AccessPoint FindIn(TestTable test) =>
        test.Commit(table => table.FindAccessPoint(_caller.Key, AccessPointKind.Nfs, Volume));

    private void Release(AccessPoint? found) => _test.Commit(
        table => table.ReleaseAccessPoint(_caller.Key, AccessPointKind.Nfs, Volume, ReleasedAssignment.Of(found)));

    private TestTable Successor(Session server)
    {
        List<StoreChange> stored =
        [
            TestTable.Stored(_caller), TestTable.Stored(server),
            new StoreChange.PutAssignment(AccessPointKind.Nfs, Volume, server.Key.SessionId),
        ];
        return new TestTable(snapshot: TestTable.Replay(stored, Table.Revision, masterEpoch: 2));
    }
}
