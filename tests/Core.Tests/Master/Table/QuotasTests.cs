using System;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>What there may be below a prefix, by the lines "quota ..." of a file of rules.</summary>
public sealed class QuotasTests
{
    private readonly QuotaBoard _board = new();
    private readonly TestTable _test;

    public QuotasTests() => _test = new TestTable(new SessionTableSettings { TermMs = TestTable.TermMs, Quotas = _board });

    [Theory]
    [InlineData("cs", "cs", "cs")]
    [InlineData("cs", "cs/1", "cs")]
    [InlineData("cs", "cs1", null)]
    [InlineData("cs*", "cs1", "cs*")]
    [InlineData("cs/{name}", "cs/7", "cs/7")]
    [InlineData("cs/{name}", "cs/7/a", "cs/7")]
    [InlineData("cs/{name}", "cs", null)]
    [InlineData("cs/{name}", "cs/", null)]
    [InlineData("cs/{name}", "meta", null)]
    [InlineData("cs/{name}/disks", "cs/7", null)]
    [InlineData("cs/{name}/disks", "cs/7/disks/3", "cs/7/disks")]
    [InlineData("{name}", "seven/a", "seven")]
    public void What_counts_together_is_what_the_prefix_says(string prefix, string identity, string? group) =>
        Assert.Equal(group, Assert.Single(QuotasOf($"quota {prefix} sessions=1")).GroupOf(identity));

    [Fact]
    public void Sessions_below_a_prefix_are_as_many_as_its_quota_allows()
    {
        _board.Write(QuotasOf("quota cs/{name} sessions=2"));
        _test.Create("cs/1/a");
        Session second = _test.Create("cs/1/b");
        _test.Create("cs/2/a");

        SessionException refusal = Refused("cs/1/c");
        Assert.Equal("there are 2 sessions, which is sessions=2 of the quota of line 2 of the rules, for 'cs/1'", refusal.Message);
        _test.Commit(table => table.Close(second.Key));
        _test.Create("cs/1/c");
        Refused("cs/1/b");
        _test.Create("meta");
    }

    [Fact]
    public void What_is_taken_and_given_back_in_a_batch_that_fails_counts_as_before()
    {
        _board.Write(QuotasOf("quota cs sessions=1 item_bytes=10"));
        Session held = _test.Create("cs/1");
        _test.Commit(table => table.SetItem(held.Key, "k", new byte[5], null));

        _test.Table.SetItem(held.Key, "k", new byte[9], null);
        _test.Table.Close(held.Key);
        _test.Table.Create(TestTable.Server("cs/2"), 2, _test.NowNs);
        _test.AssertSound();
        _test.Table.Undo();
        _test.AssertSound();

        Refused("cs/2");
        _test.AssertRefused(SessionStatus.TooManyItems, table => table.SetItem(held.Key, "l", new byte[4], null));
        _test.Commit(table => table.SetItem(held.Key, "l", new byte[3], null));
    }

    [Fact]
    public void Items_below_a_prefix_have_as_many_bytes_as_its_quota_allows()
    {
        _board.Write(QuotasOf("quota cs item_bytes=20"));
        Session a = _test.Create("cs/a");
        Session b = _test.Create("cs/b");
        _test.Commit(table => table.SetItem(a.Key, "k", new byte[9], null));

        SessionException refusal = _test.AssertRefused(
            SessionStatus.TooManyItems, table => table.SetItem(b.Key, "k", new byte[10], null));
        Assert.Contains("items would have 21 bytes, which is beyond item_bytes=20 of the quota of line 2", refusal.Message, StringComparison.Ordinal);
        _test.Commit(table => table.SetItem(b.Key, "k", new byte[9], null));
        _test.AssertRefused(
            SessionStatus.TooManyItems, table => table.ApplyItems(a.Key, [ItemChange.Set("l", Array.Empty<byte>())], default));
        // What frees as much as it takes is no growth.
        _test.Commit(table => table.ApplyItems(a.Key, [ItemChange.Remove("k"), ItemChange.Set("l", new byte[9])], default));
        _test.AssertRefused(
            SessionStatus.TooManyItems,
            table => table.Create(TestTable.Server("cs/c") with { Items = [new Item("k", new byte[1])] }, 9, _test.NowNs));
        _test.Create("cs/c");
    }

    [Fact]
    public void What_is_there_when_a_quota_comes_stays_and_grows_no_more()
    {
        Session held = _test.Create("cs/1");
        _test.Create("cs/2");
        _test.Commit(table => table.SetItem(held.Key, "k", new byte[50], null));

        _board.Write(QuotasOf("quota cs sessions=1 item_bytes=10"));

        Refused("cs/3");
        _test.AssertRefused(SessionStatus.TooManyItems, table => table.SetItem(held.Key, "l", Array.Empty<byte>(), null));
        Assert.Equal(SessionStatus.Ok, _test.Renew(held.Key));
        _test.Commit(table => table.SetItem(held.Key, "k", new byte[40], null));
        _test.AssertSound();
        _board.Write([]);
        _test.Create("cs/3");
        _test.AssertSound();
    }

    [Fact]
    public void A_repeated_create_is_answered_though_the_quota_is_used_up()
    {
        _board.Write(QuotasOf("quota cs sessions=1"));
        Session held = _test.Create("cs/1");
        Assert.Same(held, _test.Commit(table => table.Create(TestTable.Server("cs/1"), held.Key.Nonce, _test.NowNs)));
    }

    [Fact]
    public void A_successor_counts_what_it_loads()
    {
        _board.Write(QuotasOf("quota cs sessions=1"));
        StoreChange.PutSession stored = TestTable.Stored(_test.Create("cs/1"));
        TestTable successor = new(
            new SessionTableSettings { Quotas = _board }, TestTable.Empty(masterEpoch: 2) with { Revision = 5, Content = [stored] });

        successor.AssertRefused(SessionStatus.TooManySessions, table => table.Create(TestTable.Server("cs/2"), 2, successor.NowNs));
    }

    private static StockQuota[] QuotasOf(string lines) => AccessRulesText.Parse($"allow * hold *\n{lines}", "rules").Quotas;

    private SessionException Refused(string identity) => _test.AssertRefused(
        SessionStatus.TooManySessions, table => table.Create(TestTable.Server(identity), 0xbad, _test.NowNs));
}
