using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>A copy of a numbered write changes nothing, whoever made it and whenever it comes.</summary>
public sealed class WritesTests
{
    private readonly TestTable _test = new();
    private readonly Session _session;

    public WritesTests() => _session = _test.Create("a");

    [Fact]
    public void A_copy_is_answered_as_the_first_was_and_changes_nothing()
    {
        ulong revision = Set(1, 1, "one");

        Assert.Equal(revision, Set(1, 1, "one"));
        Assert.Empty(_test.Table.Changes);
        Assert.Equal("one", Value());
    }

    [Fact]
    public void A_copy_that_comes_after_a_later_write_does_not_overwrite_it()
    {
        ulong first = Set(1, 1, "one");
        Set(2, 1, "two");

        Assert.Equal(first, Set(1, 1, "one"));
        Assert.Equal("two", Value());
    }

    [Fact]
    public void A_copy_that_nobody_waits_for_any_more_is_refused()
    {
        Set(1, 1, "one");
        Set(2, 2, "two");

        SessionException refusal = _test.AssertRefused(
            SessionStatus.TimedOut, table => table.SetItem(_session.Key, "k", Bytes("one"), null, new WriteId(1, 1)));

        Assert.Contains("late copy", refusal.Message, System.StringComparison.Ordinal);
        Assert.Equal("two", Value());
    }

    [Fact]
    public void A_copy_of_a_write_of_which_nobody_knows_whether_it_came_is_refused_once_its_caller_has_gone_on()
    {
        // The first was never received; its caller has timed out, and has written something else.
        Set(2, 2, "two");

        _test.AssertRefused(
            SessionStatus.TimedOut, table => table.SetItem(_session.Key, "k", Bytes("one"), null, new WriteId(1, 1)));
        Assert.Equal("two", Value());
    }

    [Fact]
    public void A_copy_does_not_bring_a_removed_item_back()
    {
        Set(1, 1, "one");
        _test.Commit(table => table.RemoveItem(_session.Key, "k", null, new WriteId(2, 1)));

        Set(1, 1, "one");

        Assert.Empty(_test.Table.ListItems(_session.Key, ""));
    }

    [Fact]
    public void A_removal_that_is_repeated_is_answered_as_the_first_was()
    {
        Set(1, 1, "one");
        WriteId second = new(2, 2);
        ulong revision = _test.Commit(table => table.RemoveItem(_session.Key, "k", null, second));

        Assert.Equal(revision, _test.Commit(table => table.RemoveItem(_session.Key, "k", null, second)));
    }

    [Fact]
    public void A_refusal_is_answered_again_although_it_would_be_none_now()
    {
        Set(1, 1, "one");
        WriteId refused = new(2, 2);
        Assert.Throws<SessionException>(() => _test.Table.SetItem(_session.Key, "k", Bytes("x"), 0, refused));

        // The same process may lead again, and a copy come then.
        Assert.IsType<StoreChange.PutWrites>(Assert.Single(_test.Table.Changes));
        _test.Table.Accept();
        _test.Commit(table => table.RemoveItem(_session.Key, "k", null, new WriteId(3, 2)));

        _test.AssertRefused(SessionStatus.RevisionMismatch, table => table.SetItem(_session.Key, "k", Bytes("x"), 0, refused));
    }

    [Fact]
    public void Several_writes_are_in_progress_at_once_and_each_is_made_once()
    {
        ulong third = Set(3, 1, "three");
        ulong first = Set(1, 1, "one");
        ulong second = Set(2, 1, "two");

        Assert.Equal([first, second, third], [Set(1, 1, "?"), Set(2, 1, "?"), Set(3, 1, "?")]);
        Assert.Equal("two", Value());
    }

    [Fact]
    public void A_write_that_the_store_did_not_take_is_made_when_it_is_repeated()
    {
        WriteId write = new(1, 1);
        _test.Table.SetItem(_session.Key, "k", Bytes("one"), null, write);
        _test.Table.Undo();

        Assert.NotEqual(0UL, Set(1, 1, "one"));
        Assert.Equal("one", Value());
    }

    [Fact]
    public void A_refusal_of_a_batch_that_the_store_did_not_take_is_forgotten()
    {
        _test.Table.SetItem(_session.Key, "k", Bytes("one"), null, new WriteId(1, 1));
        Assert.Throws<SessionException>(
            () => _test.Table.SetItem(_session.Key, "k", Bytes("two"), 0, new WriteId(2, 1)));
        _test.Table.Undo();

        // Alone, it finds no item: it is made.
        _test.Commit(table => table.SetItem(_session.Key, "k", Bytes("two"), 0, new WriteId(2, 1)));
        Assert.Equal("two", Value());
    }

    [Fact]
    public void A_successor_knows_what_was_answered()
    {
        ulong first = 0;
        StoreSnapshot snapshot = TestTable.Replay(
            [TestTable.Stored(_session), .. Changes(() => first = Set(1, 1, "one")), .. Changes(() => Set(2, 1, "two"))],
            _test.Table.Revision, masterEpoch: 2);

        TestTable successor = new(snapshot: snapshot);

        Assert.Equal(first, successor.Table.SetItem(_session.Key, "k", Bytes("one"), null, new WriteId(1, 1)));
        Assert.Empty(successor.Table.Changes);
        successor.AssertRefused(
            SessionStatus.InvalidArgument,
            table => table.SetItem(_session.Key, "k", Bytes("x"), null, new WriteId(1, 2)));
    }

    [Fact]
    public void The_write_and_its_answer_are_one_change()
    {
        _test.Table.SetItem(_session.Key, "k", Bytes("one"), null, new WriteId(1, 1));

        StoreChange.PutItem put = Assert.IsType<StoreChange.PutItem>(Assert.Single(_test.Table.Changes));
        Assert.Equal(new WriteAnswer(1, put.Revision), Assert.Single(put.Writes!.Log.Answers));
        Assert.Equal(_session.Key.Nonce, put.Writes.Nonce);
    }

    [Fact]
    public void A_new_connection_counts_from_one_again_and_copies_of_the_former_are_refused()
    {
        Set(1, 1, "one");
        Set(2, 2, "two");
        SessionKey former = _session.Key;
        _test.Commit(table => table.Reattach(former.SessionId, "a", TestConnections.SecretOf(_session), 99, _test.NowNs));

        Set(1, 1, "three");

        Assert.Equal("three", Value());
        _test.AssertRefused(
            SessionStatus.WrongNonce, table => table.SetItem(former, "k", Bytes("two"), null, new WriteId(2, 2)));
    }

    [Fact]
    public void A_write_without_a_number_is_another_write_each_time()
    {
        ulong first = _test.Commit(table => table.SetItem(_session.Key, "k", Bytes("one"), null));
        Assert.True(_test.Commit(table => table.SetItem(_session.Key, "k", Bytes("one"), null)) > first);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(Limits.MaxUnfinishedWrites + 1, 1)]
    public void Numbers_outside_the_window_are_refused_with_its_size(ulong number, ulong firstUnfinished)
    {
        SessionException refusal = _test.AssertRefused(
            SessionStatus.InvalidArgument,
            table => table.SetItem(_session.Key, "k", default, null, new WriteId(number, firstUnfinished)));
        Assert.Contains($"{Limits.MaxUnfinishedWrites}", refusal.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_remembered_is_bounded_by_what_is_in_progress()
    {
        for (ulong number = 1; number <= 5000; number++)
        {
            Set(number, number, "v");
        }

        Assert.Single(_session.Writes.Answers);
    }

    [Fact]
    public void A_report_that_its_caller_has_finished_with_is_refused()
    {
        _test.Table.RequireAwaited(_session.Key, new WriteId(1, 1));
        _test.Table.RequireAwaited(_session.Key, new WriteId(2, 2));
        _test.AssertRefused(SessionStatus.TimedOut, table => table.RequireAwaited(_session.Key, new WriteId(1, 1)));
    }

    private StoreChange[] Changes(System.Action write)
    {
        // Set commits at once, so what it recorded is read before.
        StoreChange[] taken = [];
        _onCommit = changes => taken = changes;
        write();
        _onCommit = _ => { };
        return taken;
    }

    private System.Action<StoreChange[]> _onCommit = _ => { };

    private ulong Set(ulong number, ulong firstUnfinished, string value)
    {
        ulong revision = _test.Table.SetItem(
            _session.Key, "k", Bytes(value), null, new WriteId(number, firstUnfinished));
        _onCommit([.. _test.Table.Changes]);
        bool isMade = _test.Table.Changes.Count > 0;
        if (isMade)
        {
            _test.Table.Accept();
        }

        return revision;
    }

    private string Value() => System.Text.Encoding.UTF8.GetString(
        _test.Table.ListItems(_session.Key, "").Single().Value.Span);

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
