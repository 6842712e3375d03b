using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>An identity that is drained: no new object, no new session, and what else was asked for.</summary>
public sealed class DrainTests
{
    private const long Noon = 1_790_000_000_000;

    private readonly TestTable _test = new();
    private readonly Session _caller;

    public DrainTests() => _caller = _test.Create(TestTable.Server("caller") with { Endpoints = [] });

    private SessionTable Table => _test.Table;

    [Fact]
    public void A_drained_server_gets_no_new_objects_and_keeps_those_that_it_has()
    {
        Session drained = _test.Create("a");
        AccessPoint kept = Find("kept");
        _test.Commit(table => table.Drain(Of("a")));
        _test.Create("b");

        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal("b", Find($"new-{i}").Identity));
        Assert.Equal(kept, Find("kept"));
        _test.Commit(table => table.Undrain("a"));
        Assert.Contains(Enumerable.Range(50, 50), i => Find($"new-{i}").Identity == "a");
        Assert.Equal(SessionStatus.Ok, _test.Renew(drained.Key));
        _test.AssertSound();
    }

    [Fact]
    public void Where_all_servers_are_drained_there_is_no_access_point()
    {
        _test.Create("a");
        _test.Commit(table => table.Drain(Of("a")));

        _test.AssertRefused(SessionStatus.NoAccessPoint, table => table.FindAccessPoint(_caller.Key, AccessPointKind.Nfs, "x"));
    }

    [Fact]
    public void A_create_is_refused_with_the_reason_until_it_is_undrained()
    {
        _test.Commit(table => table.Drain(Of("a") with { Reason = "rack 7 goes down" }));

        Assert.False(Table.IsFree("a", _test.NowNs));
        SessionException refusal = _test.AssertRefused(SessionStatus.Draining, table => table.Create(TestTable.Server("a"), 1, _test.NowNs));
        Assert.Contains("rack 7 goes down", refusal.Message, StringComparison.Ordinal);
        _test.Create("ab");

        _test.Commit(table => table.Undrain("a"));
        Assert.True(Table.IsFree("a", _test.NowNs));
        Assert.Equal(SessionFlags.None, _test.Create("a").Flags);
    }

    [Fact]
    public void The_session_that_it_has_goes_on_is_told_and_may_be_taken_up()
    {
        Session session = _test.Create("a");
        _test.Commit(table => table.Drain(Of("a") with { Reason = "rack 7" }));

        Assert.Equal(SessionFlags.Draining, session.Flags);
        KeepAliveVerdict verdict = Table.KeepAlive(session.Key, _test.NowNs);
        Assert.Equal((SessionStatus.Ok, "rack 7"), (verdict.Status, verdict.Drain?.Reason));

        // A copy of the create whose answer got lost, and the process after a restart.
        Assert.Same(session, Table.Create(TestTable.Server("a"), session.Key.Nonce, _test.NowNs));
        UInt128 secret = TestConnections.SecretOf(session);
        Assert.Same(session, _test.Commit(table => table.Reattach(session.Key.SessionId, "a", secret, 7, _test.NowNs)));
        Assert.Equal(SessionFlags.Draining | SessionFlags.Reattached, session.Flags);

        // Another process of its server waits for nothing.
        _test.AssertRefused(SessionStatus.Draining, table => table.Create(TestTable.Server("a"), 8, _test.NowNs));
        _test.AssertRefused(SessionStatus.Draining, table => table.Create(TestTable.Server("a"), 8, _test.NowNs, session.Key.Nonce));
        _test.Commit(table => table.Close(session.Key));
        _test.AssertRefused(SessionStatus.Draining, table => table.Create(TestTable.Server("a"), 8, _test.NowNs));

        // What a holder hears of one that was taken back.
        _test.Commit(table => table.Undrain("a"));
        Session next = _test.Create("a");
        Assert.Null(Table.KeepAlive(next.Key, _test.NowNs).Drain);
    }

    [Fact]
    public void It_can_be_revoked_at_once_with_the_reason()
    {
        Session session = _test.Create("a");
        _test.Commit(table => table.Drain(Of("a") with { Reason = "rack 7", RevokesSession = true }));

        Assert.True(session.IsRevoked);
        Assert.Equal("rack 7", session.RevokeReason);
        Session other = _test.Create("b");
        _test.Commit(table => table.Drain(Of("b") with { RevokesSession = true }));
        Assert.Equal("drained", other.RevokeReason);
        _test.Pass(TestTable.TermMs + 1);
        Assert.All(_test.Expire().Where(end => end.Session != _caller), end => Assert.Equal(SessionEndReason.Revoked, end.Reason));
    }

    [Fact]
    public void Its_objects_move_to_others_before_anybody_asks_and_then_it_is_revoked()
    {
        Session drained = _test.Create("a");
        string[] objects = [.. Enumerable.Range(0, (2 * Limits.MaxObjectsMovedTogether) + 1).Select(i => $"x{i}")];
        AccessPoint[] before = [.. objects.Select(Find)];
        Session other = _test.Create("b");
        _test.Commit(table => table.Drain(Of("a") with { MovesObjects = true, RevokesSession = true, Reason = "rack 7" }));

        // A page at a time, and the session is not revoked before the last.
        Assert.Equal(Limits.MaxObjectsMovedTogether, Move());
        Assert.Equal(Limits.MaxObjectsMovedTogether, Move());
        Assert.False(drained.IsRevoked);
        Assert.Equal((1, 2 * Limits.MaxObjectsMovedTogether), (drained.Assignments.Count, other.Assignments.Count));
        Assert.Equal(2, Move());
        Assert.True(drained.IsRevoked);
        Assert.Equal(0, Move());

        Assert.All(objects.Zip(before), pair =>
        {
            AccessPoint found = Find(pair.First);
            Assert.Equal("b", found.Identity);
            Assert.True(found.Revision > pair.Second.Revision);
        });
        Assert.Empty(Table.Changes);
        _test.AssertSound();
    }

    [Fact]
    public void A_move_is_one_change_of_a_store()
    {
        Session drained = _test.Create("a");
        Find("x");
        Session other = _test.Create("b");
        _test.Commit(table => table.Drain(Of("a") with { MovesObjects = true }));

        Table.MoveObjects(_test.NowNs);

        StoreChange.Together together = Assert.IsType<StoreChange.Together>(Assert.Single(Table.Changes));
        Assert.Equal(
            [
                new StoreChange.RemoveAssignment(AccessPointKind.Nfs, "x", drained.Key.SessionId),
                new StoreChange.PutAssignment(AccessPointKind.Nfs, "x", other.Key.SessionId),
            ],
            together.Parts);
        Assert.False(Table.IsSettled(_caller.Key, AccessPointKind.Nfs, "x"));
        Table.Undo();
        Assert.Equal("a", Find("x").Identity);
        Assert.Equal(1, Move());
    }

    [Fact]
    public void What_no_other_server_can_take_stays_and_so_does_its_session()
    {
        Session drained = _test.Create("a");
        Find("x");
        _test.Commit(table => table.FindAccessPoint(_caller.Key, AccessPointKind.Iscsi, "y"));
        _test.Create(TestTable.Server("b") with { Endpoints = [new(AccessPointKind.Nfs, "nfs://b")] });
        _test.Commit(table => table.Drain(Of("a") with { MovesObjects = true, RevokesSession = true }));

        Assert.Equal(1, Move());
        Assert.Equal(0, Move());
        Assert.Equal(AccessPointKind.Iscsi, Assert.Single(drained.Assignments).Kind);
        Assert.False(drained.IsRevoked);

        // Looked for again after a while only.
        _test.Create("c");
        Assert.Equal(0, Move());
        _test.Pass(Limits.MovePauseMs);
        Assert.Equal(2, Move());
        Assert.True(drained.IsRevoked);
    }

    [Fact]
    public void What_the_store_does_not_take_is_as_before()
    {
        Session session = _test.Create("a");
        Session other = _test.Create("b");
        Find("x");
        string before = TableDump.Of(Table);

        Table.Drain(Of("a") with { MovesObjects = true });
        Table.Drain(Of("b") with { RevokesSession = true });
        Table.MoveObjects(_test.NowNs);
        Assert.Equal((SessionFlags.None, SessionFlags.None), (session.Flags, other.Flags));
        Assert.Empty(List().Rows);
        Table.Undo();
        Assert.Equal(before, TableDump.Of(Table));
        _test.AssertSound();

        _test.Commit(table => table.Drain(Of("a")));
        before = TableDump.Of(Table);
        Table.Undrain("a");
        Assert.Single(List().Rows);
        Table.Undo();
        Assert.Equal(before, TableDump.Of(Table));
        _test.AssertSound();
        _test.AssertRefused(SessionStatus.Draining, table => table.Create(TestTable.Server("a"), 1, _test.NowNs));
    }

    [Fact]
    public void A_repeated_drain_changes_nothing_and_another_changes_what_is_asked_for()
    {
        Table.NoteTime(_test.NowNs, Noon);
        _test.Commit(table => table.Drain(Of("a") with { Reason = "first" }));
        Table.NoteTime(_test.NowNs, Noon + 1);
        Table.Drain(Of("a") with { Reason = "first" });
        Assert.Empty(Table.Changes);
        Session session = _test.Commit(table =>
        {
            table.Undrain("nobody");
            table.Undrain("a");
            return table.Create(TestTable.Server("a"), 1, _test.NowNs);
        });
        _test.Commit(table => table.Drain(Of("a") with { Reason = "second" }));

        _test.Commit(table => table.Drain(Of("a") with { Reason = "third", RevokesSession = true }));
        Assert.Equal(
            new DrainRow(Of("a") with { Reason = "third", RevokesSession = true, SinceUnixMs = Noon + 1 }, session.Key.SessionId, 0),
            Assert.Single(List().Rows));
        Assert.Equal("third", session.RevokeReason);
    }

    [Fact]
    public void A_successor_knows_it_and_goes_on_with_it()
    {
        List<StoreChange> committed = [];
        void Keep(Action<SessionTable> verb)
        {
            verb(Table);
            committed.AddRange(Table.Changes);
            Table.Accept();
        }

        Keep(table => table.Create(TestTable.Server("a"), 1, _test.NowNs));
        Keep(table => table.FindAccessPoint(_caller.Key, AccessPointKind.Nfs, "x"));
        Keep(table => table.Create(TestTable.Server("b"), 2, _test.NowNs));
        Keep(table => table.Drain(Of("a") with { Reason = "rack 7", MovesObjects = true, RevokesSession = true }));
        Keep(table => table.Drain(Of("none yet")));

        TestTable next = new(snapshot: TestTable.Replay(committed, Table.Revision, masterEpoch: 2));
        Assert.Equal(List().Rows, next.Table.ListDrains("", 0, "").Rows);
        next.AssertRefused(SessionStatus.Draining, table => table.Create(TestTable.Server("none yet"), 3, next.NowNs));
        Session session = TableDump.AllOf(next.Table).Single(session => session.Description.Identity == "a");
        Assert.Equal(SessionFlags.Draining, session.Flags);
        Assert.Equal(2, next.Commit(table => table.MoveObjects(next.NowNs)));
        Assert.Equal((true, "rack 7", 0), (session.IsRevoked, session.RevokeReason, session.Assignments.Count));
        next.AssertSound();
    }

    [Fact]
    public void Drains_are_listed_in_order_page_by_page_with_the_sessions_and_objects_that_are_left()
    {
        Session session = _test.Create("b");
        Find("x");
        foreach (string identity in (string[])["c", "b", "ab", "a"])
        {
            _test.Commit(table => table.Drain(Of(identity)));
        }

        DrainPage first = Table.ListDrains("", 2, "");
        Assert.Equal(["a", "ab"], first.Rows.Select(row => row.Drain.Identity));
        Assert.Equal("b", first.NextIdentity);
        DrainPage second = Table.ListDrains(first.NextIdentity, 2, "");
        Assert.Equal([new DrainRow(Of("b"), session.Key.SessionId, 1), new DrainRow(Of("c"), 0, 0)], second.Rows);
        Assert.Equal("", second.NextIdentity);
        Assert.Equal(["a", "ab"], Table.ListDrains("", 0, "a").Rows.Select(row => row.Drain.Identity));
        _test.AssertRefused(SessionStatus.InvalidArgument, table => table.ListDrains("", Limits.MaxDrainsPerPage + 1, ""));
    }

    [Fact]
    public void There_are_as_many_as_may_be()
    {
        TestTable small = new(new SessionTableSettings { TermMs = TestTable.TermMs, MaxDrains = 2 });
        small.Commit(table => table.Drain(Of("a")));
        small.Commit(table => table.Drain(Of("b")));
        small.AssertRefused(SessionStatus.TooManyObjects, table => table.Drain(Of("c")));
        small.Commit(table => table.Drain(Of("b") with { Reason = "another" }));
        small.Commit(table => table.Undrain("a"));
        small.Commit(table => table.Drain(Of("c")));
        small.AssertRefused(SessionStatus.TooLong, table => table.Drain(Of("b") with { Reason = new string('r', Limits.MaxReasonBytes + 1) }));
        small.AssertRefused(SessionStatus.InvalidArgument, table => table.Drain(Of("")));
        small.AssertRefused(SessionStatus.InvalidArgument, table => table.Undrain(""));
    }

    private static Drain Of(string identity) => new() { Identity = identity };

    private AccessPoint Find(string objectName) =>
        _test.Commit(table => table.FindAccessPoint(_caller.Key, AccessPointKind.Nfs, objectName));

    private int Move() => _test.Commit(table => table.MoveObjects(_test.NowNs));

    private DrainPage List() => Table.ListDrains("", 0, "");
}
