using System;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Items that come with a create: nobody finds the session without them.</summary>
public sealed class ItemsOfCreateTests
{
    private readonly TestTable _test = new(new SessionTableSettings
    {
        TermMs = TestTable.TermMs,
        MaxItemsPerSession = 3,
        MaxItemBytes = 100,
        MaxSessionBytes = 150,
    });

    private SessionTable Table => _test.Table;

    public static TheoryData<string, Item[], SessionStatus, string> Refused => new()
    {
        { "too many", [.. Enumerable.Range(0, 101).Select(i => New($"{i}"))], SessionStatus.TooLong, "items has 101 entries" },
        { "a key twice", [New("b"), New("b")], SessionStatus.InvalidArgument, "items[1]: key 'b' is that of items[0]" },
        { "a revision", [New("b"), New("c") with { Revision = 1 }], SessionStatus.InvalidArgument, "items[1]: revision is 1" },
        { "a reserved key", [New("b"), New("$c")], SessionStatus.ReservedKey, "items[1]: key '$c'" },
        { "a value over the setting", [New("b", 101)], SessionStatus.ItemTooLarge, "items[0]: item 'b'" },
        { "more items than a session may have", [New("a"), New("b"), New("c"), New("d")], SessionStatus.TooManyItems, "max_items_per_session" },
        { "more bytes", [New("a", 80), New("b", 80)], SessionStatus.TooManyItems, "max_session_bytes" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Over_a_limit_nothing_is_made(string why, Item[] items, SessionStatus expected, string named)
    {
        SessionException refusal = _test.AssertRefused(
            expected, table => table.Create(TestTable.Server("a") with { Items = items }, 1, _test.NowNs));

        Assert.True(refusal.Message.Contains(named, StringComparison.Ordinal), $"{why}: {refusal.Message}");
        Assert.Equal(0, Table.Count);
    }

    [Fact]
    public void They_are_one_change_with_the_session_and_their_revision_is_its_epoch()
    {
        Session session = Table.Create(TestTable.Server("a") with { Items = [New("rack", 1), New("a")] }, 1, _test.NowNs);

        StoreChange.Together together = Assert.IsType<StoreChange.Together>(Assert.Single(Table.Changes));
        Assert.Equal(session.Key, Assert.IsType<StoreChange.PutSession>(together.Parts[0]).Key);
        Assert.Equal(
            [("a", session.Key.Epoch), ("rack", session.Key.Epoch)],
            together.Parts.Skip(1).Cast<StoreChange.PutItem>().Select(put => (put.Key, put.Revision)));
        Assert.Empty(session.Description.Items);
        Assert.Null(Table.FindDurable(session.Key.SessionId));

        Table.Accept();

        Assert.Equal(["a", "rack"], Table.ListItems(session.Key.SessionId, "").Select(item => item.Key));
        Assert.Equal((2, 2), (session.ItemCount, session.ItemsOfCreate));
        _test.AssertSound();
    }

    [Fact]
    public void A_create_that_the_store_did_not_take_leaves_nothing()
    {
        Table.Create(TestTable.Server("a") with { Items = [New("rack")] }, 1, _test.NowNs);
        Table.Undo();

        Assert.Equal(0, Table.Count);
        _test.AssertSound();
    }

    [Fact]
    public void A_repeated_create_sets_nothing_again()
    {
        ServerDescription server = TestTable.Server("a") with { Items = [New("rack", 1), New("zone", 1)] };
        Session session = _test.Commit(table => table.Create(server, 1, _test.NowNs));
        _test.Commit(table => table.SetItem(session.Key, "rack", new byte[] { 7 }, null));

        Assert.Same(session, _test.Commit(table => table.Create(server, 1, _test.NowNs)));

        Assert.Equal([7], Table.GetItem(session.Key, "rack").Value.ToArray());
        Assert.Equal(1, session.ItemsOfCreate);
    }

    [Fact]
    public void A_successor_has_them()
    {
        Session session = Table.Create(TestTable.Server("a") with { Items = [New("rack", 1)] }, 1, _test.NowNs);
        TestTable successor = new(snapshot: TestTable.Replay(Table.Changes, Table.Revision, masterEpoch: 2));

        Item item = Assert.Single(successor.Table.ListItems(session.Key, ""));
        Assert.Equal(("rack", session.Key.Epoch), (item.Key, item.Revision));
    }

    private static Item New(string key, int bytes = 0) => new(key, new byte[bytes]);
}
