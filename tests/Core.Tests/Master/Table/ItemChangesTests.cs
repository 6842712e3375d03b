using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Several changes of a session's items are made together, or not at all.</summary>
public sealed class ItemChangesTests
{
    private readonly TestTable _test = new(new SessionTableSettings
    {
        MaxItemsPerSession = 3,
        MaxItemBytes = 100,
        MaxSessionBytes = 150,
    });

    private readonly Session _session;
    private readonly ulong _rack;

    public ItemChangesTests()
    {
        _session = _test.Create("a");
        _rack = _test.Commit(table => table.SetItem(_session.Key, "rack", new byte[] { 1 }, null));
    }

    private SessionTable Table => _test.Table;

    public static TheoryData<string, ItemChange[], SessionStatus, string> Refused => new()
    {
        { "none", [], SessionStatus.InvalidArgument, "changes has 0 entries" },
        { "more than there may be", [.. Enumerable.Range(0, 101).Select(i => Set($"{i}"))], SessionStatus.TooLong, "101" },
        { "a key twice", [Set("b"), Set("a"), ItemChange.Remove("b")], SessionStatus.InvalidArgument, "changes[2]: key 'b' is that of changes[0]" },
        { "an unknown kind", [Set("b"), Set("a") with { Kind = (ItemChangeKind)4 }], SessionStatus.InvalidArgument, "changes[1]: kind is 4" },
        { "no kind", [Set("b") with { Kind = 0 }], SessionStatus.InvalidArgument, "changes[0]: kind is 0" },
        { "a value to remove", [Set("rack", 1) with { Kind = ItemChangeKind.Remove }], SessionStatus.InvalidArgument, "changes[0]: a value" },
        { "a check that checks nothing", [ItemChange.Check("b", 0) with { CompareRevision = null }], SessionStatus.InvalidArgument, "'b'" },
        { "an empty key", [Set("b"), Set("")], SessionStatus.InvalidArgument, "changes[1]: key" },
        { "a key that is too long", [Set(new string('k', 257))], SessionStatus.TooLong, "changes[0]: key" },
        { "a reserved key to set", [Set("b"), Set("$b")], SessionStatus.ReservedKey, "changes[1]: key '$b'" },
        { "a reserved key to remove", [ItemChange.Remove("$b")], SessionStatus.ReservedKey, "changes[0]: key '$b'" },
        { "a value over the setting", [Set("b"), Set("c", 101)], SessionStatus.ItemTooLarge, "changes[1]: item 'c'" },
        { "a value over every limit", [Set("c", (int)Limits.MaxItemBytes + 1)], SessionStatus.ItemTooLarge, "changes[0]: item 'c'" },
        { "too many bytes together", [Set("b", 600_000), Set("c", 600_000)], SessionStatus.TooLong, "1200002 bytes" },
        { "nothing to remove", [Set("b"), ItemChange.Remove("c")], SessionStatus.ItemNotFound, "changes[1]: the session has no item 'c'" },
        { "one that exists", [Set("b"), Set("rack") with { CompareRevision = 0 }], SessionStatus.RevisionMismatch, "changes[1]: item 'rack'" },
        { "one that does not", [Set("b") with { CompareRevision = 7 }], SessionStatus.RevisionMismatch, "changes[0]: item 'b'" },
        { "a check that fails", [Set("b"), ItemChange.Check("rack", 0)], SessionStatus.RevisionMismatch, "changes[1]: item 'rack'" },
        { "a removal of another", [Set("b"), ItemChange.Remove("rack", 1)], SessionStatus.RevisionMismatch, "changes[1]: item 'rack'" },
        { "too many items", [Set("b"), Set("c"), Set("d")], SessionStatus.TooManyItems, "4 items; max_items_per_session is 3" },
        { "too many bytes", [Set("b", 80), Set("c", 80)], SessionStatus.TooManyItems, "167 bytes; max_session_bytes is 150" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refusal_names_its_change_and_leaves_all_as_it_was(
        string why, ItemChange[] changes, SessionStatus expected, string named)
    {
        SessionException refusal = _test.AssertRefused(expected, table => table.ApplyItems(_session.Key, changes));

        Assert.True(refusal.Message.Contains(named, StringComparison.Ordinal), $"{why}: {refusal.Message}");
    }

    [Fact]
    public void All_changes_have_one_revision_and_it_is_greater_than_any_before()
    {
        ulong revision = Apply(Set("b"), ItemChange.Remove("rack"), Set("c"));

        Assert.Equal(_rack + 1, revision);
        Assert.Equal([("b", revision), ("c", revision)], ItemsNow());
        Assert.Equal(revision + 1, Apply(Set("b")));
    }

    [Fact]
    public void A_compare_is_of_what_there_was_before()
    {
        ulong revision = Apply(
            Set("rack") with { CompareRevision = _rack }, Set("b") with { CompareRevision = 0 }, ItemChange.Check("c", 0));

        Assert.Equal([("b", revision), ("rack", revision)], ItemsNow());
        Apply(ItemChange.Check("b", revision), ItemChange.Remove("rack", revision));
        Assert.Equal([("b", revision)], ItemsNow());
    }

    [Fact]
    public void What_is_only_checked_changes_nothing_and_is_answered_with_the_revision_at_which_it_was_so()
    {
        Assert.Equal(_rack, Table.ApplyItems(_session.Key, [ItemChange.Check("rack", _rack), ItemChange.Check("$own", 0)]));
        Assert.Empty(Table.Changes);

        // Its answer is remembered all the same.
        Assert.Equal(_rack, Table.ApplyItems(_session.Key, [ItemChange.Check("rack", _rack)], new WriteId(1, 1)));
        StoreChange.Together together = Assert.IsType<StoreChange.Together>(Assert.Single(Table.Changes));
        Assert.IsType<StoreChange.PutWrites>(Assert.Single(together.Parts));
        Table.Accept();
        _test.Commit(table => table.RemoveItem(_session.Key, "rack", null, new WriteId(2, 1)));
        Assert.Equal(_rack, _test.Commit(table => table.ApplyItems(_session.Key, [ItemChange.Check("rack", _rack)], new WriteId(1, 1))));
    }

    [Fact]
    public void Limits_are_of_what_there_is_after_all_of_them_in_any_order()
    {
        Apply(Set("b"), Set("c"));
        Apply(Set("d"), ItemChange.Remove("rack"));
        Apply(ItemChange.Remove("b"), Set("e", 90));
        Apply(Set("f", 95), ItemChange.Remove("e"));

        Assert.Equal(["c", "d", "f"], ItemsNow().Select(item => item.Key));
        _test.AssertSound();
    }

    [Fact]
    public void The_store_has_one_change_with_all_of_it_and_its_answer()
    {
        ulong revision = Table.ApplyItems(
            _session.Key, [Set("b"), ItemChange.Check("c", 0), ItemChange.Remove("rack")], new WriteId(1, 1));

        StoreChange.Together together = Assert.IsType<StoreChange.Together>(Assert.Single(Table.Changes));
        Assert.Equal(3, together.Parts.Length);
        Assert.Equal(("b", revision), Assert.IsType<StoreChange.PutItem>(together.Parts[0]) is var put ? (put.Key, put.Revision) : default);
        Assert.Equal(new StoreChange.RemoveItem(_session.Key.SessionId, "rack"), together.Parts[1]);
        Assert.Equal(
            new WriteAnswer(1, revision), Assert.Single(Assert.IsType<StoreChange.PutWrites>(together.Parts[2]).Log.Answers));
    }

    [Fact]
    public void While_it_is_committed_a_look_shows_what_there_was_before_all_of_it()
    {
        Table.ApplyItems(_session.Key, [Set("b"), ItemChange.Remove("rack"), Set("c")]);

        Assert.True(Table.IsSettled(_session.Key.SessionId));
        Assert.Equal([("rack", _rack)], ItemsNow());
        Assert.Equal(1, _session.ItemCount);

        Table.Undo();
        Assert.Equal([("rack", _rack)], ItemsNow());
        Assert.Equal(_rack, Table.Revision);
        _test.AssertSound();
    }

    [Fact]
    public void A_copy_is_answered_as_the_first_was_and_makes_nothing_again()
    {
        ItemChange[] changes = [Set("b"), ItemChange.Remove("rack")];
        ulong revision = _test.Commit(table => table.ApplyItems(_session.Key, changes, new WriteId(1, 1)));

        Assert.Equal(revision, _test.Commit(table => table.ApplyItems(_session.Key, changes, new WriteId(1, 1))));
        Assert.Equal([("b", revision)], ItemsNow());

        WriteId refused = new(2, 1);
        Assert.Throws<SessionException>(() => Table.ApplyItems(_session.Key, changes, refused));
        Table.Accept();
        _test.Commit(table => table.SetItem(_session.Key, "rack", default, null, new WriteId(3, 1)));
        SessionException again = _test.AssertRefused(SessionStatus.ItemNotFound, table => table.ApplyItems(_session.Key, changes, refused));
        Assert.Contains("changes[1]", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_holder_changes_them()
    {
        _test.AssertRefused(
            SessionStatus.WrongNonce, table => table.ApplyItems(_session.Key with { Nonce = 99 }, [Set("b")]));
        _test.AssertRefused(
            SessionStatus.WrongEpoch, table => table.ApplyItems(_session.Key with { Epoch = 99 }, [Set("b")]));
        _test.Commit(table => table.Close(_session.Key));
        _test.AssertRefused(SessionStatus.SessionClosed, table => table.ApplyItems(_session.Key, [Set("b")]));
    }

    private static ItemChange Set(string key, int bytes = 0) => ItemChange.Set(key, new byte[bytes]);

    private ulong Apply(params ItemChange[] changes) => _test.Commit(table => table.ApplyItems(_session.Key, changes));

    private List<(string Key, ulong Revision)> ItemsNow() =>
        [.. Table.ListItems(_session.Key, "").Select(item => (item.Key, item.Revision))];
}
