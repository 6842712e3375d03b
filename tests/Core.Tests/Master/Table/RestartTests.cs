using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>What a table of a successor knows: all that was durable, and that any lease may have been renewed.</summary>
public sealed class RestartTests
{
    private readonly TestTable _test = new();
    private readonly List<StoreChange> _committed = [];

    [Fact]
    public void A_restart_keeps_sessions_items_marks_and_assignments()
    {
        SessionTable old = Populate();

        TestTable successor = Restart();

        Assert.Equal(TableDump.OfDurable(old), TableDump.OfDurable(successor.Table));
        Assert.Equal(2UL, successor.Table.MasterEpoch);
        successor.AssertSound();
    }

    [Fact]
    public void A_restart_expires_nobody_early()
    {
        Populate();
        TestTable successor = Restart();

        // The old master may have renewed each the moment before it died, and promised it its own term.
        Assert.All(
            TableDump.AllOf(successor.Table),
            session => Assert.Equal(successor.NowNs + (session.TermMs * TestTable.Ms), session.DeadlineNs));
        successor.Pass(3000);
        Assert.Equal("last", Assert.Single(successor.Expire()).Session.Description.Identity);
        successor.Pass(TestTable.TermMs - 3001);
        Assert.Empty(successor.Expire());
        successor.Pass(1);
        Assert.Equal(2, successor.Expire().Count);
    }

    [Fact]
    public void A_term_that_was_lengthened_under_load_is_waited_for_by_the_next_leader()
    {
        Populate();
        _committed.Add(new StoreChange.PutState(TestTable.LongestTermMs, IsRestored: false));
        TestTable successor = Restart();
        long waitNs = TestTable.LongestTermMs * TestTable.Ms;

        Assert.All(
            TableDump.AllOf(successor.Table), session => Assert.Equal(successor.NowNs + waitNs, session.DeadlineNs));
        successor.NowNs += waitNs - 1;
        Assert.Empty(successor.Expire());
        successor.NowNs++;
        Assert.Equal(3, successor.Expire().Count);
    }

    [Fact]
    public void A_holder_renews_with_its_old_key_and_gets_no_shorter_deadline()
    {
        Populate();
        TestTable successor = Restart();
        Session session = TableDump.AllOf(successor.Table).First(session => !session.IsRevoked);
        long deadlineNs = session.DeadlineNs;

        Assert.Equal(SessionStatus.Ok, successor.Renew(session.Key));
        Assert.Equal(deadlineNs, session.DeadlineNs);
        Assert.Equal(
            SessionStatus.WrongNonce, successor.Renew(session.Key with { Nonce = session.Key.Nonce + 1 }));
    }

    [Fact]
    public void A_create_whose_answer_was_lost_in_the_restart_finds_its_session()
    {
        Populate();
        TestTable successor = Restart();
        Session session = TableDump.AllOf(successor.Table).First(session => !session.IsRevoked);

        Assert.Same(
            session, successor.Table.Create(session.Description, session.Key.Nonce, successor.NowNs));
        Assert.Empty(successor.Table.Changes);
    }

    [Fact]
    public void Epochs_grow_across_a_restart()
    {
        SessionTable old = Populate();
        TestTable successor = Restart();

        Assert.Equal(old.Revision + 1, successor.Create("newcomer").Key.Epoch);
    }

    [Fact]
    public void A_revoked_server_gets_no_new_objects_after_a_restart_either()
    {
        Session caller = _test.Create(TestTable.Server("caller") with { Endpoints = [] });
        _committed.Add(TestTable.Stored(caller));
        Session revoked = _test.Create("revoked");
        _committed.Add(TestTable.Stored(revoked) with { IsRevoked = true });

        TestTable successor = Restart();

        successor.AssertRefused(
            SessionStatus.NoAccessPoint,
            table => table.FindAccessPoint(caller.Key, AccessPointKind.Nfs, "volume"));
    }

    [Fact]
    public void Leading_again_extends_every_lease_and_moves_none_back()
    {
        Session longest = _test.Create("longest", TestTable.LongestTermMs);
        Session shorter = _test.Create("shorter");
        _test.Pass(5000);
        _test.Renew(longest.Key);
        long longestNs = longest.DeadlineNs;

        _test.Table.ExtendAll(_test.NowNs - 1);

        Assert.Equal(longestNs, longest.DeadlineNs);
        Assert.Equal(_test.NowNs - 1 + (TestTable.TermMs * TestTable.Ms), shorter.DeadlineNs);
        _test.Pass(TestTable.TermMs - 1);
        Assert.Empty(_test.Expire());
    }

    private SessionTable Populate()
    {
        Session session = _test.Create("a");
        Session revoked = _test.Create("revoked");
        Session closed = _test.Create("closed");
        Session last = _test.Create("last", termMs: 3000);
        foreach (Session created in new[] { session, revoked, closed, last })
        {
            _committed.Add(TestTable.Stored(created));
        }

        SessionTable table = _test.Table;
        table.SetItem(session.Key, "item", new byte[] { 1, 2 }, null);
        table.SetItem(session.Key, "removed", default, null);
        table.RemoveItem(session.Key, "removed", null);
        table.SetItem(closed.Key, "item", default, null);
        for (int i = 0; i < 10; i++)
        {
            table.FindAccessPoint(session.Key, AccessPointKind.Nfs, $"volume-{i}");
        }

        table.Close(closed.Key);
        table.Revoke(revoked.Key.SessionId, revoked.Key.Epoch);
        _committed.AddRange(table.Changes);
        table.Accept();
        return table;
    }

    private TestTable Restart()
    {
        StoreSnapshot snapshot = TestTable.Replay(_committed, _test.Table.Revision, masterEpoch: 2);
        return new TestTable(snapshot: snapshot);
    }
}
