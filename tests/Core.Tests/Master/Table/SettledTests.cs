using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Items_are_shown_as_they_were_before_the_batch_until_it_is_durable(bool isUndone)
    {
        Set("b", 1);
        Set("c", 1);
        Table.Accept();

        Set("a", 2);
        Set("b", 2);
        Set("b", 3);
        Table.RemoveItem(_one.Key, "c", null);
        Set("d", 2);
        Table.RemoveItem(_one.Key, "d", null);
        Assert.True(Table.IsSettled(_one.Key.SessionId));
        AssertShown("b1 c1");

        End(isUndone);
        AssertShown(isUndone ? "b1 c1" : "a2 b3");

        void Set(string key, byte value) => Table.SetItem(_one.Key, key, new[] { value }, null);
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

        Table.Reattach(_one.Key.SessionId, "one", TestConnections.SecretOf(_one), 8, _test.NowNs);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_page_shows_sessions_as_they_were_before_the_batch_until_it_is_durable(bool isUndone)
    {
        Session made = Table.Create(TestTable.Server("made"), 7, _test.NowNs);
        Table.Close(_other.Key);
        Session madeAndEnded = Table.Create(TestTable.Server("made and ended"), 8, _test.NowNs);
        Table.Close(madeAndEnded.Key);
        AssertListed(_one, _other);
        Assert.Equal(_other.Key.SessionId, NextAfter(1));
        Assert.Same(_other, Table.FindDurable("other"));
        Assert.Null(Table.FindDurable("made"));
        Assert.Null(Table.FindDurable("made and ended"));

        End(isUndone);
        AssertListed(isUndone ? [_one, _other] : [_one, made]);
        Assert.Same(isUndone ? _other : null, Table.FindDurable("other"));
        Assert.Same(isUndone ? null : made, Table.FindDurable("made"));

        ulong NextAfter(uint limit)
        {
            Table.List(0, limit, "", out ulong next);
            return next;
        }
    }

    private void AssertListed(params Session[] sessions)
    {
        Assert.Equal(sessions.OrderBy(session => session.Key.SessionId), Table.List(0, 0, "", out _));
        Assert.Equal(sessions.Length, Table.DurableCount);
        Assert.All(sessions, session => Assert.Same(session, Table.RequireDurable(session.Key.SessionId)));
    }

    private void AssertShown(string items)
    {
        string[] shown = [.. Table.ListItems(_one.Key, "").Select(Text)];
        Assert.Equal(items, string.Join(' ', shown));
        Assert.Equal(shown.Length, _one.ItemCount);
        Assert.All(shown, item => Assert.Equal(item, Text(Table.GetItem(_one.Key, item[..1]))));

        static string Text(Item item) => item.Key + item.Value.Span[0];
    }

    private void End(bool isUndone)
    {
        if (isUndone)
        {
            Table.Undo();
        }
        else
        {
            Table.Accept();
        }
    }
}
