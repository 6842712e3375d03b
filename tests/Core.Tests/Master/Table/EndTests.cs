using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Close, revoke, expire.</summary>
public sealed class EndTests
{
    private readonly TestTable _test = new();

    private SessionTable Table => _test.Table;

    [Fact]
    public void A_holder_whose_identity_another_was_given_since_is_told_who()
    {
        Session former = _test.Create("server");
        _test.Commit(table => table.Close(former.Key));
        SessionException alone = _test.AssertRefused(SessionStatus.SessionClosed, table => table.GetItem(former.Key, "k"));
        Assert.DoesNotContain("held", alone.Message, System.StringComparison.Ordinal);
        Session successor = _test.Create(TestTable.Server("server") with { HostName = "other-host", ProcessId = 815 });

        SessionException refusal = _test.AssertRefused(SessionStatus.SessionClosed, table => table.GetItem(former.Key, "k"));

        foreach (string words in new[] { "'server'", $"{successor.Key.SessionId:x16}", "'other-host'", "process 815" })
        {
            Assert.Contains(words, refusal.Message, System.StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_closed_session_is_gone_at_once_and_its_identity_free()
    {
        Session session = _test.Create("a");

        Table.Close(session.Key);

        Assert.Equal(
            new StoreChange.RemoveSession(session.Key.SessionId, session.Key.Epoch) { End = Assert.Single(Table.Ended).End },
            Assert.Single(Table.Changes));
        EndedSession end = Assert.Single(Table.Ended);
        Assert.Equal((session, SessionEndReason.Closed), (end.Session, end.Reason));
        Table.Accept();
        Assert.Empty(Table.Ended);
        Assert.Equal(0, Table.Count);
        Assert.NotNull(_test.Create("a"));
    }

    [Fact]
    public void Closing_what_is_gone_is_fine_and_changes_nothing()
    {
        Session session = _test.Create("a");
        _test.Commit(table => table.Close(session.Key));

        Table.Close(session.Key);
        Table.Close(new SessionKey(999, 1, 1));

        Assert.Empty(Table.Changes);
        Assert.Empty(Table.Ended);
    }

    [Fact]
    public void Nobody_closes_the_session_of_another()
    {
        Session session = _test.Create("a");

        _test.AssertRefused(
            SessionStatus.WrongEpoch, table => table.Close(session.Key with { Epoch = session.Key.Epoch + 1 }));
        _test.AssertRefused(
            SessionStatus.WrongNonce, table => table.Close(session.Key with { Nonce = session.Key.Nonce + 1 }));
    }

    [Fact]
    public void A_revoked_session_stays_until_its_holder_acknowledges()
    {
        Session session = _test.Create("a");
        Revoke(session);
        _test.Pass(TestTable.TermMs - 1);
        Assert.Empty(_test.Expire());
        Assert.Equal(1, Table.Count);

        Table.Close(session.Key);

        Assert.Equal(SessionEndReason.Revoked, Assert.Single(Table.Ended).Reason);
        Table.Accept();
        Assert.Equal(0, Table.Count);
    }

    [Fact]
    public void A_revoked_session_of_a_silent_holder_ends_at_its_deadline_and_not_before()
    {
        Session session = _test.Create("a");
        _test.Pass(3000);
        _test.Renew(session.Key);
        Revoke(session);

        _test.NowNs = session.DeadlineNs - 1;
        Assert.Empty(_test.Expire());
        _test.NowNs = session.DeadlineNs;
        Assert.Equal(SessionEndReason.Revoked, Assert.Single(_test.Expire()).Reason);
    }

    [Fact]
    public void Revoking_is_durable_once_and_a_repetition_changes_nothing()
    {
        Session session = _test.Create("a");

        Table.Revoke(session.Key.SessionId, session.Key.Epoch);
        Table.Revoke(session.Key.SessionId, session.Key.Epoch);
        Table.Drain(new Drain { Identity = "a", Reason = "", RevokesSession = true });

        Assert.True(Assert.Single(Table.Changes.OfType<StoreChange.PutSession>()).IsRevoked);
        Table.Accept();
        Table.Revoke(session.Key.SessionId, session.Key.Epoch);
        Assert.Empty(Table.Changes);
    }

    [Fact]
    public void The_reason_of_the_first_revocation_is_stored_and_told_to_the_holder_also_by_the_next_master()
    {
        Session session = _test.Create("a");
        Table.Revoke(session.Key.SessionId, session.Key.Epoch, "rack 7 goes down");
        StoreChange.PutSession stored = Assert.IsType<StoreChange.PutSession>(Assert.Single(Table.Changes));
        Assert.Equal("rack 7 goes down", stored.RevokeReason);
        Assert.Empty(Table.KeepAlive(session.Key, _test.NowNs).Text);
        Table.Accept();
        Assert.Equal("rack 7 goes down", Table.KeepAlive(session.Key, _test.NowNs).Text);

        _test.Commit(table => table.Revoke(session.Key.SessionId, session.Key.Epoch, "another"));
        Assert.Equal(SessionStatus.SessionRevoked, Table.Inquire(session.Key, isGateClosed: false, out string text));
        Assert.Equal("rack 7 goes down", text);

        TestTable next = new(snapshot: TestTable.Replay([stored], Table.Revision, masterEpoch: 2));
        Assert.Equal("rack 7 goes down", next.Table.KeepAlive(session.Key, next.NowNs).Text);
    }

    /// <summary>A row that the next leadership refuses to load would keep it from leading at all.</summary>
    [Fact]
    public void A_reason_that_no_store_may_hold_is_refused_and_the_longest_one_is_loaded_again()
    {
        Session session = _test.Create("a");
        SessionKey key = session.Key;
        string longest = new('r', Limits.MaxReasonBytes);
        _test.AssertRefused(SessionStatus.TooLong, table => table.Revoke(key.SessionId, key.Epoch, longest + "r"));
        _test.AssertRefused(SessionStatus.InvalidArgument, table => table.Revoke(key.SessionId, key.Epoch, "a\0"));
        Assert.Empty(Table.Changes);

        Table.Revoke(key.SessionId, key.Epoch, longest);
        TestTable next = new(snapshot: TestTable.Replay(Table.Changes, Table.Revision, masterEpoch: 2));
        Assert.Equal(longest, next.Table.KeepAlive(key, next.NowNs).Text);
    }

    [Fact]
    public void A_reason_whose_store_failed_is_not_told()
    {
        Session session = _test.Create("a");
        Table.Revoke(session.Key.SessionId, session.Key.Epoch, "never stored");
        Table.Undo();
        Assert.Equal(SessionStatus.Ok, Table.KeepAlive(session.Key, _test.NowNs).Status);
        _test.Commit(table => table.Revoke(session.Key.SessionId, session.Key.Epoch, "stored"));
        Assert.Equal("stored", Table.KeepAlive(session.Key, _test.NowNs).Text);
    }

    [Fact]
    public void Revoke_refuses_another_epoch_and_tells_how_a_gone_session_ended()
    {
        Session session = _test.Create("a");
        Session closed = _test.Create("b");
        _test.Commit(table => table.Close(closed.Key));

        _test.AssertRefused(
            SessionStatus.WrongEpoch, table => table.Revoke(session.Key.SessionId, session.Key.Epoch + 1));
        _test.AssertRefused(
            SessionStatus.SessionClosed, table => table.Revoke(closed.Key.SessionId, closed.Key.Epoch));
        _test.AssertRefused(SessionStatus.UnknownSession, table => table.Revoke(999, 1));
    }

    [Fact]
    public void A_session_expires_at_its_deadline_and_not_a_nanosecond_before()
    {
        Session session = _test.Create("a");

        _test.NowNs = session.DeadlineNs - 1;
        Assert.Empty(_test.Expire());
        _test.NowNs = session.DeadlineNs;
        EndedSession end = Assert.Single(_test.Expire());

        Assert.Equal((session, SessionEndReason.Expired), (end.Session, end.Reason));
        Assert.Equal(0, Table.Count);
    }

    [Fact]
    public void A_renewed_session_outlives_those_that_are_silent()
    {
        Session silent = _test.Create("silent");
        Session renewed = _test.Create("renewed");
        for (int i = 0; i < 20; i++)
        {
            _test.Pass(TestTable.TermMs / 6);
            _test.Renew(renewed.Key);
            foreach (EndedSession end in _test.Expire())
            {
                Assert.Same(silent, end.Session);
            }
        }

        Assert.Equal([renewed], TableDump.AllOf(Table));
        _test.AssertSound();
    }

    [Fact]
    public void Expiry_comes_in_batches_of_at_most_the_asked_size_and_misses_nobody()
    {
        HashSet<ulong> expected = [.. Enumerable.Range(0, 100).Select(i => _test.Create($"s{i}").Key.SessionId)];
        _test.Pass(TestTable.TermMs);

        List<int> sizes = [];
        HashSet<ulong> ended = [];
        int due;
        do
        {
            due = Table.Expire(_test.NowNs, most: 30);
            Assert.Equal(due, Table.Ended.Count);
            ended.UnionWith(Table.Ended.Select(end => end.Session.Key.SessionId));
            Table.Accept();
            sizes.Add(due);
        }
        while (due > 0);

        Assert.Equal([30, 30, 30, 10, 0], sizes);
        Assert.Equal(expected, ended);
    }

    [Fact]
    public void A_failed_expiry_is_tried_again_and_happens_once()
    {
        Session session = _test.Create("a");
        _test.Pass(TestTable.TermMs);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, Table.Expire(_test.NowNs, most: 10));
            Table.Undo();
            Assert.Equal(1, Table.Count);
            _test.Pass(1000);
        }

        Assert.Same(session, Assert.Single(_test.Expire()).Session);
        Assert.Empty(_test.Expire());
    }

    private void Revoke(Session session) =>
        _test.Commit(table => table.Revoke(session.Key.SessionId, session.Key.Epoch));
}
