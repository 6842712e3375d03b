using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>What a table says to watches: all that is durable and shown by a list, once, in order, and nothing else.</summary>
public sealed class WatchTests
{
    private static readonly byte[] s_value = [1, 2, 3];

    private readonly TestTable _test = new();

    private SessionTable Table => _test.Table;

    [Fact]
    public void The_life_of_a_session_is_said_in_order()
    {
        Session session = _test.Create(TestTable.Server("a") with { Items = [new Item("brought", s_value)] });
        SessionKey key = session.Key;
        _test.Commit(table => table.SetItem(key, "k", s_value, null));
        _test.Commit(table => table.FindAccessPoint(key, AccessPointKind.Nfs, "volume"));
        _test.Commit(table => table.ReleaseAccessPoint(key, AccessPointKind.Nfs, "volume", default));
        _test.Commit(table => table.RemoveItem(key, "k", null));
        _test.Commit(table => table.Revoke(key.SessionId, key.Epoch, "moved"));
        _test.Commit(table => table.Close(key));

        IReadOnlyList<SessionEvent> said = Table.ChangesAfter(0);

        Assert.Equal(
            [
                SessionEventKind.Created, SessionEventKind.ItemSet, SessionEventKind.ItemSet, SessionEventKind.Assigned,
                SessionEventKind.Released, SessionEventKind.ItemRemoved, SessionEventKind.Changed, SessionEventKind.Ended,
            ],
            said.Kinds());
        Assert.All(said, one => Assert.Equal((key.SessionId, key.Epoch, "a", 1UL), (one.SessionId, one.Epoch, one.Identity, one.MasterEpoch)));
        Assert.Equal((key.Epoch, key.Epoch), (said[0].Revision, said[1].Revision));
        Assert.Equal([1UL, 2UL, 3UL, 4UL, 5UL, 6UL, 7UL], said.Skip(1).Select(one => one.Revision));
        Assert.Equal(("a", "host-of-a", TestTable.TermMs), (said[0].Description!.Identity, said[0].Description!.HostName, said[0].TermMs));
        Assert.Equal(("k", 2UL), (said[2].Item!.Key, said[2].Item!.Revision));
        Assert.Equal(s_value, said[2].Item!.Value.ToArray());
        Assert.Equal((AccessPointKind.Nfs, "volume", "nfs://a"), (said[3].AccessPointKind, said[3].ObjectName, said[3].Endpoint));
        Assert.Equal("volume", said[4].ObjectName);
        Assert.Equal(("k", 0), (said[5].Item!.Key, said[5].Item!.Value.Length));
        Assert.Equal((SessionFlags.Revoking, "moved"), (said[6].Flags, said[6].Text));
        Assert.Equal((SessionEndReason.Revoked, "moved"), (said[7].EndReason, said[7].Text));
    }

    [Fact]
    public void A_page_of_the_state_without_a_row_that_is_wanted_ends_no_state()
    {
        foreach (int i in Enumerable.Range(0, (2 * Limits.MaxSessionsSeenPerPage) + 1))
        {
            _test.Create($"other-{i}");
        }

        SessionWatch watch = new(new WatchFilter { IdentityPrefix = "wanted" }, Table.MasterEpoch, after: null, withState: true);
        List<WatchPage> pages = [];
        do
        {
            pages.Add(Table.NextOf(watch));
        }
        while (!pages[^1].IsAll);

        Assert.Equal([SessionEventKind.StateBegins, SessionEventKind.StateEnds], pages.SelectMany(page => page.Events).Kinds());
        Assert.InRange(pages.Count, 3, int.MaxValue);
        Assert.All(pages.SkipLast(1), page => Assert.Equal(0UL, page.Revision));
        Assert.Equal(Table.DurableRevision, pages[^1].Revision);
    }

    [Fact]
    public void Nothing_is_said_before_it_is_durable_and_nothing_of_what_is_undone()
    {
        Session session = _test.Create("a");
        ulong before = Table.DurableRevision;

        Table.SetItem(session.Key, "k", s_value, null);
        Table.Revoke(session.Key.SessionId, session.Key.Epoch);
        Assert.Empty(Table.ChangesAfter(before));
        Table.Undo();
        Assert.Empty(Table.ChangesAfter(before));
        Assert.Equal(before, Table.DurableRevision);

        _test.Commit(table => table.SetItem(session.Key, "other", s_value, null));
        Assert.Equal("other", Assert.Single(Table.ChangesAfter(before)).Item!.Key);
    }

    [Fact]
    public void Renewals_marks_refused_writes_and_checks_are_not_said()
    {
        Session session = _test.Create("a");
        ulong before = Table.DurableRevision;

        _test.Renew(session.Key);
        _test.Pass((TestTable.TermMs / 2) + 1);
        _test.Expire();
        Assert.NotNull(session.SuspectMs);
        _test.Renew(session.Key);
        Assert.Null(session.SuspectMs);
        Assert.Throws<SessionException>(() => Table.RemoveItem(session.Key, "none", null, new WriteId(1, 1)));
        Table.Accept();
        _test.Commit(table => table.ApplyItems(session.Key, [ItemChange.Check("none", 0)], new WriteId(2, 1)));

        Assert.Empty(Table.ChangesAfter(before));
        Assert.Equal(before, Table.DurableRevision);
    }

    [Fact]
    public void What_is_made_together_has_one_revision_and_is_said_together()
    {
        Session session = _test.Create("a");
        ulong before = Table.DurableRevision;
        ItemChange[] changes = [.. Enumerable.Range(0, 20).Select(i => ItemChange.Set($"k{i}", s_value))];

        ulong revision = _test.Commit(table => table.ApplyItems(session.Key, changes, new WriteId(1, 1)));

        WatchSlice slice = Table.ReadChanges(before);
        Assert.Single(slice.Changes);
        Assert.All(Table.ChangesAfter(before), one => Assert.Equal(revision, one.Revision));
        Assert.Equal(20, Table.ChangesAfter(before).Count);
    }

    [Fact]
    public void Changes_of_one_batch_have_different_revisions()
    {
        Session session = _test.Create("a");
        Session other = _test.Create("b");
        _test.Commit(table => table.FindAccessPoint(session.Key, AccessPointKind.Nfs, "volume"));
        ulong before = Table.DurableRevision;

        Table.ReleaseAccessPoint(session.Key, AccessPointKind.Nfs, "volume", default);
        Table.Revoke(other.Key.SessionId, other.Key.Epoch);
        Table.SetItem(session.Key, "k", s_value, null);
        Table.Accept();

        Assert.Equal([before + 1, before + 2, before + 3], Table.ChangesAfter(before).Select(one => one.Revision));
    }

    [Fact]
    public void A_re_attach_is_said_and_no_nonce_secret_or_hash_with_it()
    {
        UInt128 secret = 0xDEAD_BEEF;
        Session session = Table.Create(TestTable.Server("a"), new ToldConnection(77, SecretHash.Of(secret)), _test.NowNs);
        Table.Accept();
        ulong before = Table.DurableRevision;
        _test.Commit(table => table.Reattach(session.Key.SessionId, "a", secret, new ToldConnection(78, SecretHash.Of(5)), _test.NowNs));

        SessionEvent said = Assert.Single(Table.ChangesAfter(before));

        Assert.Equal((SessionEventKind.Changed, SessionFlags.Reattached), (said.Kind, said.Flags));
        Assert.Equal(session.Key.Epoch, said.Epoch);
        string[] names = [.. typeof(SessionEvent).GetProperties().Select(property => property.Name)];
        Assert.DoesNotContain(names, name => name.Contains("Nonce", StringComparison.Ordinal) || name.Contains("Secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_filter_leaves_out_what_is_not_wanted_but_an_end_is_said_to_whoever_watches_the_session()
    {
        Session a = _test.Create("rack1-a");
        Session b = _test.Create(TestTable.Server("rack2-b") with { Endpoints = [] });
        _test.Commit(table => table.SetItem(a.Key, "load", s_value, null));
        _test.Commit(table => table.SetItem(a.Key, "other", s_value, null));
        _test.Commit(table => table.SetItem(b.Key, "load", s_value, null));
        _test.Commit(table => table.FindAccessPoint(b.Key, AccessPointKind.Nfs, "vol/1"));
        _test.Commit(table => table.FindAccessPoint(b.Key, AccessPointKind.Nfs, "disk/1"));
        _test.Commit(table => table.Close(a.Key));
        _test.Commit(table => table.Close(b.Key));

        Assert.Equal(
            [SessionEventKind.ItemSet, SessionEventKind.Ended],
            Table.ChangesAfter(0, new WatchFilter(WatchKinds.Items, "rack1-", "lo")).Kinds());
        Assert.Equal(
            [SessionEventKind.Assigned, SessionEventKind.Ended, SessionEventKind.Ended],
            Table.ChangesAfter(0, new WatchFilter(WatchKinds.AccessPoints, ObjectPrefix: "vol/")).Kinds());
        Assert.Equal(
            [SessionEventKind.Created, SessionEventKind.Ended],
            Table.ChangesAfter(0, new WatchFilter(WatchKinds.Sessions, "rack2-")).Kinds());
    }

    [Fact]
    public void A_successor_goes_on_where_the_former_leader_has_ended_or_says_that_it_cannot()
    {
        List<StoreChange> committed = [];
        Session session = Committed(table => table.Create(TestTable.Server("a"), 5, _test.NowNs));
        Committed(table => table.SetItem(session.Key, "k", s_value, null));
        ulong known = Table.DurableRevision;
        StoreSnapshot snapshot = TestTable.Replay(committed, known, masterEpoch: 2) with { Revision = 1000 };
        SessionTable next = new(new SessionTableSettings(), snapshot, () => 99, _test.NowNs);

        next.SetItem(session.Key, "k", s_value, null);
        next.Accept();

        SessionEvent said = Assert.Single(next.ChangesAfter(known));
        Assert.Equal((1001UL, 2UL), (said.Revision, said.MasterEpoch));
        Assert.Equal(SessionStatus.Compacted, Assert.Throws<SessionException>(() => next.ChangesAfter(known - 1)).Status);
        Assert.Equal(SessionStatus.Compacted, Assert.Throws<SessionException>(() => next.ChangesAfter(known + 1)).Status);

        T Committed<T>(Func<SessionTable, T> verb)
        {
            T made = verb(Table);
            committed.AddRange(Table.Changes);
            Table.Accept();
            return made;
        }
    }

    [Fact]
    public void All_that_there_is_comes_first_between_two_marks_and_then_what_changes()
    {
        Session a = _test.Create("a");
        Session b = _test.Create("b");
        _test.Commit(table => table.SetItem(b.Key, "k", s_value, null));
        AccessPoint found = _test.Commit(table => table.FindAccessPoint(a.Key, AccessPointKind.Nfs, "volume"));
        SessionWatch watch = new(new WatchFilter(), Table.MasterEpoch, after: null, withState: true);

        IReadOnlyList<SessionEvent> said = Table.AllOf(watch);

        Assert.Equal((SessionEventKind.StateBegins, SessionEventKind.StateEnds), (said[0].Kind, said[^1].Kind));
        Assert.Equal(["a", "b"], said.Where(one => one.Kind == SessionEventKind.Created).Select(one => one.Identity));
        Assert.Equal("k", Assert.Single(said, one => one.Kind == SessionEventKind.ItemSet).Item!.Key);
        SessionEvent assigned = Assert.Single(said, one => one.Kind == SessionEventKind.Assigned);
        Assert.Equal((found.SessionId, found.Revision, found.Endpoint), (assigned.SessionId, assigned.Revision, assigned.Endpoint));
        _test.Commit(table => table.Close(a.Key));
        Assert.Equal([SessionEventKind.Ended], Table.AllOf(watch).Kinds());
    }

    [Fact]
    public void The_objects_of_one_server_come_in_as_many_pages_as_they_need()
    {
        Session server = _test.Create("a");
        string[] objects = [.. Enumerable.Range(0, 7).Select(i => $"volume-{i}")];
        foreach (string name in objects)
        {
            _test.Commit(table => table.FindAccessPoint(server.Key, AccessPointKind.Nfs, name));
        }

        List<IReadOnlyList<SessionEvent>> pages = [];
        AccessPointPlace? from = new(0);
        while (from is { } place)
        {
            WatchState page = Table.ReadState(new WatchFilter(), place, most: 3);
            pages.Add(page.Rows);
            from = page.Next;
            // What is gone meanwhile is not said, and what comes after it is.
            if (pages.Count == 1)
            {
                _test.Commit(table => table.ReleaseAccessPoint(server.Key, AccessPointKind.Nfs, from!.ObjectName, default));
            }
        }

        Assert.All(pages, page => Assert.InRange(page.Count, 1, 3));
        Assert.Equal(SessionEventKind.Created, pages[0][0].Kind);
        Assert.Equal(objects.Except(["volume-2"]), pages.SelectMany(page => page).Skip(1).Select(row => row.ObjectName));
    }

    [Fact]
    public void Objects_that_nobody_wants_are_looked_at_page_by_page_too()
    {
        Session server = _test.Create("a");
        for (int i = 0; i < Limits.MaxSessionsSeenPerPage + 1; i++)
        {
            _test.Commit(table => table.FindAccessPoint(server.Key, AccessPointKind.Nfs, $"volume-{i:d6}"));
        }

        WatchState page = Table.ReadState(new WatchFilter { ObjectPrefix = "wanted" }, new AccessPointPlace(0));

        Assert.Equal((0, server.Key.SessionId), (page.Rows.Count(row => row.Kind == SessionEventKind.Assigned), page.Next?.SessionId));
        Assert.StartsWith("volume-", page.Next!.ObjectName, StringComparison.Ordinal);
        Assert.Null(Table.ReadState(new WatchFilter { ObjectPrefix = "wanted" }, page.Next).Next);
    }

    [Fact]
    public void No_message_of_a_watch_has_more_than_a_master_may_send()
    {
        Session session = _test.Create("a");
        for (int i = 0; i < 300; i++)
        {
            byte[] value = Encoding.UTF8.GetBytes(new string('x', i % 20 == 0 ? 60_000 : 10));
            _test.Commit(table => table.SetItem(session.Key, $"k{i}", value, null));
        }

        SessionWatch watch = new(new WatchFilter(), Table.MasterEpoch, after: null, withState: true);
        int pages = 0;
        WatchPage page;
        do
        {
            page = Table.NextOf(watch);
            pages++;
            Assert.True(page.Events.Count <= Limits.MaxWatchPageChanges);
            Assert.True(page.Events.Sum(one => one.Item?.Value.Length ?? 0) <= Limits.MaxWatchPageBytes);
        }
        while (!page.IsAll);

        Assert.True(pages >= 4);
    }
}
