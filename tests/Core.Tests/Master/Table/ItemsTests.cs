using System;
using System.Linq;
using System.Text;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class ItemsTests
{
    private readonly TestTable _test = new(new SessionTableSettings
    {
        MaxItemsPerSession = 3,
        MaxItemBytes = 100,
        MaxSessionBytes = 150,
    });

    private readonly Session _session;

    public ItemsTests() => _session = _test.Create("a");

    private SessionTable Table => _test.Table;

    [Fact]
    public void A_set_item_is_read_back_with_the_revision_of_its_change()
    {
        ulong revision = Set("key", [1, 2, 3]);

        Item item = Table.GetItem(_session.Key, "key");
        Assert.Equal(revision, item.Revision);
        Assert.Equal(Table.Revision, item.Revision);
        Assert.Equal([1, 2, 3], item.Value.ToArray());
        Assert.True(revision > _session.Key.Epoch);
    }

    [Fact]
    public void Every_change_of_an_item_has_a_greater_revision()
    {
        ulong first = Set("key", [1]);
        ulong second = Set("key", [1]);
        ulong removal = Remove("key");
        ulong again = Set("key", [1], compareRevision: 0);

        Assert.Equal([first + 1, first + 2, first + 3], [second, removal, again]);
    }

    [Fact]
    public void The_store_is_told_each_change()
    {
        ulong revision = Table.SetItem(_session.Key, "key", new byte[] { 1 }, compareRevision: null);
        Table.RemoveItem(_session.Key, "key", revision);

        Assert.Equal(2, Table.Changes.Count);
        StoreChange.PutItem put = Assert.IsType<StoreChange.PutItem>(Table.Changes[0]);
        Assert.Equal((_session.Key.SessionId, "key", revision), (put.SessionId, put.Key, put.Revision));
        Assert.Equal(new StoreChange.RemoveItem(_session.Key.SessionId, "key"), Table.Changes[1]);
    }

    [Fact]
    public void A_compare_revision_decides_between_two_writers()
    {
        ulong revision = Set("key", [1], compareRevision: 0);

        AssertSetRefused(SessionStatus.RevisionMismatch, "key", [2], compareRevision: 0);
        AssertSetRefused(SessionStatus.RevisionMismatch, "key", [2], compareRevision: revision + 1);
        AssertSetRefused(SessionStatus.RevisionMismatch, "other", [2], compareRevision: revision);
        _test.AssertRefused(
            SessionStatus.RevisionMismatch, table => table.RemoveItem(_session.Key, "key", revision - 1));

        Set("key", [3], revision);
        Assert.Equal([3], Table.GetItem(_session.Key, "key").Value.ToArray());
    }

    [Fact]
    public void A_missing_item_is_not_found()
    {
        _test.AssertRefused(SessionStatus.ItemNotFound, table => table.GetItem(_session.Key, "key"));
        _test.AssertRefused(SessionStatus.ItemNotFound, table => table.RemoveItem(_session.Key, "key", null));
        Set("key", []);
        Remove("key");
        _test.AssertRefused(SessionStatus.ItemNotFound, table => table.GetItem(_session.Key, "key"));
    }

    [Fact]
    public void A_key_has_1_to_256_bytes_and_is_not_reserved()
    {
        string longest = new('k', 100);
        Set(longest, []);
        Remove(longest);

        AssertSetRefused(SessionStatus.InvalidArgument, "", []);
        AssertSetRefused(SessionStatus.TooLong, new string('k', Limits.MaxItemKeyBytes + 1), []);
        AssertSetRefused(SessionStatus.TooLong, new string('é', (Limits.MaxItemKeyBytes / 2) + 1), []);
        AssertSetRefused(SessionStatus.ReservedKey, "$", []);
        AssertSetRefused(SessionStatus.ReservedKey, "$suspect", []);
        _test.AssertRefused(SessionStatus.ReservedKey, table => table.RemoveItem(_session.Key, "$x", null));
        _test.AssertRefused(SessionStatus.InvalidArgument, table => table.RemoveItem(_session.Key, "", null));
    }

    [Fact]
    public void The_longest_key_fits()
    {
        TestTable roomy = new();
        Session session = roomy.Create("a");
        string key = new('é', Limits.MaxItemKeyBytes / 2);

        roomy.Commit(table => table.SetItem(session.Key, key, default, null));

        Assert.Equal(key, roomy.Table.GetItem(session.Key, key).Key);
    }

    [Fact]
    public void A_value_has_at_most_max_item_bytes()
    {
        Set("key", new byte[100]);

        SessionException refusal = AssertSetRefused(SessionStatus.ItemTooLarge, "key", new byte[101]);
        Assert.Contains("max_item_bytes", refusal.Message);
        Assert.Contains("101", refusal.Message);
    }

    [Fact]
    public void A_session_has_at_most_max_items_and_an_existing_one_may_still_change()
    {
        Set("1", []);
        Set("2", []);
        Set("3", []);

        AssertSetRefused(SessionStatus.TooManyItems, "4", []);
        Set("3", [1]);
        Remove("1");
        Set("4", []);
        Assert.Equal(3, _session.ItemCount);
    }

    [Fact]
    public void A_session_has_at_most_max_session_bytes_of_keys_and_values()
    {
        Set("1", new byte[100]);
        Set("2", new byte[48]);
        Assert.Equal(150UL, _session.Items.Bytes);

        SessionException refusal = AssertSetRefused(SessionStatus.TooManyItems, "2", new byte[49]);
        Assert.Contains("max_session_bytes", refusal.Message);
        AssertSetRefused(SessionStatus.TooManyItems, "3", []);

        // A value that is replaced gives its bytes back first.
        Set("2", new byte[10]);
        Set("3", new byte[37]);
        Assert.Equal(150UL, _session.Items.Bytes);
        Remove("1");
        Assert.Equal(49UL, _session.Items.Bytes);
        _test.AssertSound();
    }

    [Fact]
    public void Only_the_holder_touches_the_items_of_a_session()
    {
        Set("key", [1]);
        SessionKey[] strangers =
        [
            _session.Key with { Nonce = _session.Key.Nonce + 1 },
            _session.Key with { Epoch = _session.Key.Epoch + 1 },
            _session.Key with { SessionId = 999 },
        ];
        SessionStatus[] refusals = [SessionStatus.WrongNonce, SessionStatus.WrongEpoch, SessionStatus.UnknownSession];
        foreach ((SessionKey stranger, SessionStatus refusal) in strangers.Zip(refusals))
        {
            _test.AssertRefused(refusal, table => table.SetItem(stranger, "key", default, null));
            _test.AssertRefused(refusal, table => table.RemoveItem(stranger, "key", null));
            _test.AssertRefused(refusal, table => table.GetItem(stranger, "key"));
            _test.AssertRefused(refusal, table => table.ListItems(stranger, ""));
        }
    }

    [Fact]
    public void The_holder_of_an_ended_session_hears_how_it_ended()
    {
        _test.Commit(table => table.Revoke(_session.Key.SessionId, _session.Key.Epoch));
        _test.AssertRefused(SessionStatus.SessionRevoked, table => table.SetItem(_session.Key, "key", default, null));
        _test.Commit(table => table.Close(_session.Key));
        _test.AssertRefused(SessionStatus.SessionRevoked, table => table.GetItem(_session.Key, "key"));
        _test.AssertRefused(SessionStatus.SessionRevoked, table => table.ListItems(_session.Key.SessionId, ""));
        _test.AssertRefused(SessionStatus.UnknownSession, table => table.ListItems(999, ""));
    }

    [Fact]
    public void Items_are_listed_by_prefix_in_the_order_of_their_bytes()
    {
        TestTable roomy = new();
        Session session = roomy.Create("a");
        string[] keys = ["a/2", "a/10", "a", "b", "a/\uFFFD", "a/\U0001F600", "A", "a0"];
        foreach (string key in keys)
        {
            roomy.Commit(table => table.SetItem(session.Key, key, default, null));
        }

        string[] expected = [.. keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal)];
        Assert.Equal(expected, roomy.Table.ListItems(session.Key, "").Select(item => item.Key));
        Assert.Equal(
            expected.Where(key => key.StartsWith("a/", StringComparison.Ordinal)),
            roomy.Table.ListItems(session.Key.SessionId, "a/").Select(item => item.Key));
        Assert.Empty(roomy.Table.ListItems(session.Key, "c"));
    }

    private ulong Set(string key, byte[] value, ulong? compareRevision = null) =>
        _test.Commit(table => table.SetItem(_session.Key, key, value, compareRevision));

    private ulong Remove(string key) => _test.Commit(table => table.RemoveItem(_session.Key, key, null));

    private SessionException AssertSetRefused(
        SessionStatus expected, string key, byte[] value, ulong? compareRevision = null) =>
        _test.AssertRefused(expected, table => table.SetItem(_session.Key, key, value, compareRevision));
}
