using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>What can be looked at while a batch is being committed; RandomOperationsTests has that it is right.</summary>
public sealed class SettledTests
{
    private readonly TestTable _test = new();
    private readonly Session _one;
    private readonly Session _other;

    public SettledTests()
    {
        _one = _test.Create("one");
        _other = _test.Create("other");
    }

    private SessionTable Table => _test.Table;

    [Fact]
    public void Only_the_session_whose_item_is_being_set_waits()
    {
        Table.SetItem(_one.Key, "k", new byte[1], null);
        Assert.False(Table.IsSettled(_one.Key.SessionId));
        Assert.True(Table.IsSettled(_other.Key.SessionId));
        Table.Accept();
        Assert.True(Table.IsSettled(_one.Key.SessionId));

        Table.RemoveItem(_one.Key, "k", null);
        Assert.False(Table.IsSettled(_one.Key.SessionId));
        Table.Undo();
        Assert.True(Table.IsSettled(_one.Key.SessionId));
    }

    [Fact]
    public void A_session_that_is_being_made_closed_taken_up_or_revoked_waits()
    {
        Session made = Table.Create(TestTable.Server("made"), 7, _test.NowNs);
        Assert.False(Table.IsSettled(made.Key.SessionId));
        Table.Undo();

        Table.Close(_one.Key);
        Assert.False(Table.IsSettled(_one.Key.SessionId));
        Table.Undo();

        Table.Reattach(_one.Key.SessionId, "one", _one.Secret, 8, _test.NowNs);
        Assert.False(Table.IsSettled(_one.Key.SessionId));
        Table.Undo();

        Table.Revoke(_one.Key.SessionId, _one.Key.Epoch);
        Assert.False(Table.IsSettled(_one.Key.SessionId));
    }

    [Fact]
    public void The_mark_of_a_suspect_is_seen_by_nobody_so_nobody_waits_for_it()
    {
        _test.Pass(6000);
        Assert.Equal(2, Table.Expire(_test.NowNs, 10));
        Assert.True(Table.IsSettled(_one.Key.SessionId));
        Table.Accept();

        Table.KeepAlive(_one.Key, _test.NowNs);
        Table.ClearSuspect(_one.Key);
        Assert.NotEmpty(Table.Changes);
        Assert.True(Table.IsSettled(_one.Key.SessionId));
    }

    [Fact]
    public void An_object_that_has_an_access_point_is_looked_up_whatever_items_its_server_sets()
    {
        AccessPoint point = _test.Commit(table => table.FindAccessPoint(_one.Key, AccessPointKind.Nfs, "v"));
        Session server = point.SessionId == _one.Key.SessionId ? _one : _other;
        Session caller = server == _one ? _other : _one;
        Assert.True(Table.IsSettled(caller.Key, AccessPointKind.Nfs, "v"));
        Assert.False(Table.IsSettled(caller.Key, AccessPointKind.Iscsi, "v"));

        Table.SetItem(server.Key, "k", new byte[1], null);
        Table.FindAccessPoint(caller.Key, AccessPointKind.Nfs, "another");
        Assert.True(Table.IsSettled(caller.Key, AccessPointKind.Nfs, "v"));

        Table.Close(server.Key);
        Assert.False(Table.IsSettled(caller.Key, AccessPointKind.Nfs, "v"));
        Table.Undo();

        Table.ReleaseAccessPoint(caller.Key, AccessPointKind.Nfs, "v", default);
        Assert.False(Table.IsSettled(caller.Key, AccessPointKind.Nfs, "v"));
    }

    [Fact]
    public void A_page_waits_only_for_what_falls_into_it()
    {
        Session third = _test.Create("third");
        Table.SetItem(third.Key, "k", new byte[1], null);

        Assert.True(Table.IsSettled(fromSessionId: 0, limit: 1));
        Assert.False(Table.IsSettled(fromSessionId: 0, limit: 2));
        Assert.False(Table.IsSettled(fromSessionId: 0, limit: 0));
        Table.Accept();
        Assert.True(Table.IsSettled(fromSessionId: 0, limit: 0));

        Table.Close(_other.Key);
        Assert.False(Table.IsSettled(fromSessionId: 0, limit: 1));
        Assert.True(Table.IsSettled(third.Key.SessionId, limit: 1));
    }
}
