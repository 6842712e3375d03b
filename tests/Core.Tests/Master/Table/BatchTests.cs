using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>A failed commit leaves nothing behind, whatever the verb.</summary>
public sealed class BatchTests
{
    private const ulong HolderNonce = 7;

    private readonly TestTable _test = new();
    private readonly Session _holder;
    private readonly ulong _itemRevision;

    public BatchTests()
    {
        _holder = _test.Commit(table => table.Create(TestTable.Server("holder"), HolderNonce, _test.NowNs));
        _test.Create("other");
        _itemRevision = _test.Commit(table => table.SetItem(_holder.Key, "item", new byte[] { 1 }, null));
        _test.Commit(table => table.SetItem(_holder.Key, "second", new byte[] { 2, 2 }, null));
        _test.Commit(table => table.FindAccessPoint(_holder.Key, AccessPointKind.Nfs, "volume"));
    }

    public static TheoryData<string> Verbs => [.. DurableVerbs.Keys];

    private static Dictionary<string, Action<BatchTests, SessionTable>> DurableVerbs { get; } = new()
    {
        ["create"] = (test, table) => table.Create(TestTable.Server("new"), 8, test._test.NowNs),
        ["close"] = (test, table) => table.Close(test._holder.Key),
        ["revoke"] = (test, table) => table.Revoke(test._holder.Key.SessionId, test._holder.Key.Epoch),
        ["set a new item"] = (test, table) => table.SetItem(test._holder.Key, "new", new byte[] { 9 }, 0),
        ["change an item"] = (test, table) => table.SetItem(test._holder.Key, "item", new byte[9], test._itemRevision),
        ["remove an item"] = (test, table) => table.RemoveItem(test._holder.Key, "item", null),
        ["release"] = (test, table) =>
            table.ReleaseAccessPoint(test._holder.Key, AccessPointKind.Nfs, "volume", default),
        ["release and assign again"] = (test, table) =>
        {
            table.ReleaseAccessPoint(test._holder.Key, AccessPointKind.Nfs, "volume", default);
            table.FindAccessPoint(test._holder.Key, AccessPointKind.Nfs, "volume");
        },
        ["assign"] = (test, table) => table.FindAccessPoint(test._holder.Key, AccessPointKind.Iscsi, "volume"),
        ["change an item twice"] = (test, table) =>
        {
            table.SetItem(test._holder.Key, "item", new byte[3], null);
            table.RemoveItem(test._holder.Key, "item", null);
            table.SetItem(test._holder.Key, "item", new byte[5], 0);
        },
        ["assign to the new"] = (test, table) =>
        {
            Session created = table.Create(TestTable.Server("new"), 8, test._test.NowNs);
            for (int i = 0; i < 20; i++)
            {
                table.FindAccessPoint(created.Key, AccessPointKind.Nfs, $"volume-{i}");
            }
        },
        ["a whole life"] = (test, table) =>
        {
            Session created = table.Create(TestTable.Server("new"), 8, test._test.NowNs);
            table.SetItem(created.Key, "item", new byte[3], null);
            table.FindAccessPoint(created.Key, AccessPointKind.Nfs, "other volume");
            table.Revoke(created.Key.SessionId, created.Key.Epoch);
            table.Close(created.Key);
        },
        ["an identity changes hands"] = (test, table) =>
        {
            table.Close(test._holder.Key);
            table.Create(TestTable.Server("holder"), 9, test._test.NowNs);
        },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_failed_commit_leaves_everything_as_it_was(string verb)
    {
        string before = TableDump.Of(_test.Table);

        DurableVerbs[verb](this, _test.Table);
        Assert.NotEmpty(_test.Table.Changes);
        _test.Table.Undo();

        Assert.Equal(before, TableDump.Of(_test.Table));
        Assert.Empty(_test.Table.Changes);
        Assert.Empty(_test.Table.Ended);
        _test.AssertSound();
        Assert.Equal(SessionStatus.Ok, _test.Renew(_holder.Key));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void What_failed_once_succeeds_when_it_is_repeated(string verb)
    {
        DurableVerbs[verb](this, _test.Table);
        StoreChange[] first = [.. _test.Table.Changes];
        _test.Table.Undo();

        DurableVerbs[verb](this, _test.Table);
        StoreChange[] second = [.. _test.Table.Changes];
        _test.Table.Accept();

        Assert.Equal(first.Select(change => change.GetType()), second.Select(change => change.GetType()));
        Assert.Empty(_test.Table.Changes);
        _test.AssertSound();
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_commit_that_succeeds_survives_the_failure_of_the_next(string verb)
    {
        DurableVerbs[verb](this, _test.Table);
        _test.Table.Accept();
        string committed = TableDump.Of(_test.Table);

        _test.Table.Create(TestTable.Server("last"), 99, _test.NowNs);
        _test.Table.Undo();

        Assert.Equal(committed, TableDump.Of(_test.Table));
    }

    [Fact]
    public void Nobody_whose_expiry_failed_is_pardoned_but_all_else_is_as_before()
    {
        _test.Pass(TestTable.TermMs);
        string before = TableDump.Of(_test.Table);

        Assert.Equal(2, _test.Table.Expire(_test.NowNs, most: 10));
        _test.Table.Undo();

        Assert.Equal(before.Replace("condemned False", "condemned True"), TableDump.Of(_test.Table));
        _test.AssertSound();
    }

    [Fact]
    public void A_renewal_during_a_failing_commit_counts()
    {
        _test.Pass(1000);
        _test.Table.SetItem(_holder.Key, "item", default, null);
        Assert.Equal(SessionStatus.Ok, _test.Renew(_holder.Key));
        _test.Table.Undo();

        Assert.Equal(_test.NowNs + (TestTable.TermMs * TestTable.Ms), _holder.DeadlineNs);
    }

    [Fact]
    public void A_holder_does_not_stop_for_a_revocation_that_the_store_may_not_take()
    {
        _test.Table.Revoke(_holder.Key.SessionId, _holder.Key.Epoch);
        Assert.Equal(SessionStatus.Ok, _test.Renew(_holder.Key));
        _test.Table.Accept();

        Assert.Equal(SessionStatus.SessionRevoked, _test.Renew(_holder.Key));
    }

    [Fact]
    public void An_end_that_the_store_did_not_take_is_not_remembered()
    {
        _test.Table.Close(_holder.Key);
        Assert.Equal(SessionStatus.SessionClosed, _test.Renew(_holder.Key));
        _test.Table.Undo();

        Assert.Equal(SessionStatus.Ok, _test.Renew(_holder.Key));
        _test.AssertRefused(SessionStatus.UnknownSession, table => table.Revoke(999, 1));
    }

    [Fact]
    public void An_undo_of_nothing_moves_no_revision_back()
    {
        ulong revision = _test.Table.Revision;
        _test.Table.Undo();
        Assert.Equal(revision, _test.Table.Revision);

        TestTable loaded = new(snapshot: TestTable.Empty(1) with { Revision = 77 });
        loaded.Table.Undo();
        Assert.Equal(77UL, loaded.Table.Revision);
    }

    [Fact]
    public void A_refused_operation_in_a_batch_costs_the_others_nothing()
    {
        _test.Table.SetItem(_holder.Key, "first", new byte[] { 1 }, null);
        Assert.Throws<SessionException>(() => _test.Table.SetItem(_holder.Key, "$", default, null));
        Assert.Throws<SessionException>(() => _test.Table.Create(TestTable.Server("holder"), 99, _test.NowNs));
        _test.Table.SetItem(_holder.Key, "last", new byte[] { 2 }, null);

        Assert.Equal(2, _test.Table.Changes.Count);
        _test.Table.Accept();
        Assert.Equal(4, _holder.ItemCount);
    }
}
