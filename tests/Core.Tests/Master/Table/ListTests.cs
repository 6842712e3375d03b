using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class ListTests
{
    [Fact]
    public void An_empty_table_has_one_empty_page()
    {
        TestTable test = new();

        Assert.Empty(test.Table.List(0, 0, "", out ulong next));
        Assert.Equal(0UL, next);
    }

    [Fact]
    public void The_default_page_and_the_greatest_page_hold_what_they_say()
    {
        TestTable test = new();
        for (int i = 0; i <= Limits.DefaultSessionsPerPage; i++)
        {
            test.Create($"s{i}");
        }

        Assert.Equal((int)Limits.DefaultSessionsPerPage, test.Table.List(0, 0, "", out ulong next).Count);
        Assert.Equal(Limits.DefaultSessionsPerPage + 1, next);
        Assert.Equal(test.Table.Count, test.Table.List(0, Limits.MaxSessionsPerPage, "", out next).Count);
        Assert.Equal(0UL, next);
        SessionException refusal = test.AssertRefused(
            SessionStatus.InvalidArgument, table => table.List(0, Limits.MaxSessionsPerPage + 1, "", out _));
        Assert.Contains("10000", refusal.Message);
    }

    [Fact]
    public void Pages_of_any_size_list_every_session_once_in_order_of_id() =>
        Gen.Select(Gen.ULong[1, ulong.MaxValue].HashSet[0, 40], Gen.UInt[1, 12], Gen.ULong).Sample((ids, limit, from) =>
        {
            SessionTable table = TableOf(ids);

            Assert.Equal(ids.Order(), PagesFrom(table, 0, limit));
            Assert.Equal(ids.Where(id => id >= from).Order(), PagesFrom(table, from, limit));
        });

    [Fact]
    public void Of_a_prefix_pages_list_those_alone_whose_identity_begins_with_it()
    {
        TestTable test = new();
        foreach (string identity in (string[])["disk-a", "rack", "disk-b", "Disk-c", "disk-d", "disk"])
        {
            test.Create(identity);
        }

        Assert.Equal(["disk-a", "disk-b"], Names(test.Table.List(0, 2, "disk-", out ulong next)));
        Assert.Equal(["disk-d"], Names(test.Table.List(next, 2, "disk-", out next)));
        Assert.Equal(0UL, next);
        Assert.Empty(test.Table.List(0, 2, "none", out next));
        Assert.Equal(0UL, next);
    }

    [Fact]
    public void Of_a_prefix_that_few_have_a_page_looks_at_so_many_sessions_and_says_where_to_go_on()
    {
        TestTable test = new();
        for (int i = 0; i < Limits.MaxSessionsSeenPerPage; i++)
        {
            test.Create($"s{i}");
        }

        test.Create("rare");

        Assert.Empty(test.Table.List(0, 1, "rare", out ulong next));
        Assert.NotEqual(0UL, next);
        Assert.Equal(["rare"], Names(test.Table.List(next, 1, "rare", out next)));
        Assert.Equal(0UL, next);
    }

    [Fact]
    public void The_highest_id_is_listed_and_ends_the_list()
    {
        SessionTable table = TableOf([1, ulong.MaxValue]);

        Assert.Equal([1UL, ulong.MaxValue], PagesFrom(table, 0, 1));
        Assert.Equal([ulong.MaxValue], PagesFrom(table, ulong.MaxValue, 1));
    }

    [Fact]
    public void A_page_goes_on_where_the_last_ended_though_sessions_went_in_between()
    {
        TestTable test = new();
        Session[] sessions = [.. Enumerable.Range(0, 6).Select(i => test.Create($"s{i}"))];
        test.Table.List(0, 2, "", out ulong next);
        test.Commit(table => table.Close(sessions[0].Key));
        test.Commit(table => table.Close(sessions[2].Key));

        Assert.Equal([sessions[3], sessions[4]], test.Table.List(next, 2, "", out _));
    }

    private static SessionTable TableOf(IEnumerable<ulong> ids)
    {
        Queue<ulong> queue = new(ids);
        SessionTable table = new(new SessionTableSettings(), TestTable.Empty(1), queue.Dequeue, TestTable.StartNs);
        while (queue.Count > 0)
        {
            table.Create(TestTable.Server($"s{queue.Peek()}"), queue.Peek(), TestTable.StartNs);
        }

        table.Accept();
        return table;
    }

    private static List<ulong> PagesFrom(SessionTable table, ulong from, uint limit)
    {
        List<ulong> ids = [];
        do
        {
            IReadOnlyList<Session> page = table.List(from, limit, "", out ulong next);
            Assert.True(page.Count <= limit);
            ids.AddRange(page.Select(session => session.Key.SessionId));
            Assert.True(next == 0 || next > ids[^1], "a page begins after the last");
            from = next;
        }
        while (from != 0);

        return ids;
    }

    private static IEnumerable<string> Names(IEnumerable<Session> sessions) => sessions.Select(session => session.Description.Identity);
}
