using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>What a table keeps of each end: in the change that removes the session, and nowhere else.</summary>
public sealed class EndsKeptTests
{
    private const long Noon = 1_790_000_000_000;

    private readonly TestTable _test = new();

    private SessionTable Table => _test.Table;

    [Fact]
    public void An_end_says_who_where_why_when_and_for_how_long_nothing_was_heard()
    {
        Session session = _test.Create("a");
        _test.Pass(2000);
        Table.KeepAlive(session.Key, _test.NowNs, "10.0.0.7:4711");
        _test.Pass(TestTable.TermMs + 100);
        Note();

        _test.Expire();

        SessionEnd end = Assert.Single(Ends());
        Assert.Equal(new SessionEnd
        {
            Revision = Table.Revision,
            SessionId = session.Key.SessionId,
            Epoch = session.Key.Epoch,
            Identity = "a",
            HostName = "host-of-a",
            ProcessId = 42,
            PeerAddress = "10.0.0.7:4711",
            Reason = SessionEndReason.Expired,
            Text = "the session was not renewed within its term",
            EndedUnixMs = Noon,
            SilentMs = TestTable.TermMs + 100,
            IsHeard = true,
            IsGateClosed = false,
        }, end);
        Assert.Equal(Noon - TestTable.TermMs - 100, end.RenewedUnixMs);
    }

    [Fact]
    public void A_session_that_was_never_heard_here_is_silent_since_the_leadership_began()
    {
        TestTable next = new(snapshot: TestTable.Empty(2) with
        {
            Revision = 9,
            Content = [TestTable.Stored(_test.Create("a"))],
        });
        next.Pass(TestTable.TermMs + 1);
        next.Table.NoteTime(next.NowNs, Noon);

        next.Expire();

        SessionEnd end = Assert.Single(next.Table.ListEnds(new EndQuery()).Rows);
        Assert.Equal((false, null, TestTable.TermMs + 1L, ""), (end.IsHeard, end.RenewedUnixMs, end.SilentMs, end.PeerAddress));
    }

    [Fact]
    public void Each_way_to_end_has_its_reason_and_somebodys_own_words()
    {
        Session closed = _test.Create("closed");
        Session revoked = _test.Create("revoked");
        Session plain = _test.Create("plain");
        Session abandoned = _test.Create("abandoned");
        _test.Commit(table => table.Close(closed.Key));
        _test.Commit(table => table.Revoke(revoked.Key.SessionId, revoked.Key.Epoch, "rack 7 goes down"));
        _test.Commit(table => table.Revoke(plain.Key.SessionId, plain.Key.Epoch));
        _test.Commit(table =>
        {
            table.Close(revoked.Key);
            table.Close(plain.Key);
        });
        _test.Commit(table => table.Create(TestTable.Server("abandoned"), 99, _test.NowNs, [abandoned.Key.Nonce]));

        Assert.Equal(
            [
                ("closed", SessionEndReason.Closed, "the session was given back"),
                ("revoked", SessionEndReason.Revoked, "rack 7 goes down"),
                ("plain", SessionEndReason.Revoked, "the session was taken away"),
                ("abandoned", SessionEndReason.Closed, "given up by its holder's process, which asked for a session anew"),
            ],
            Ends().Select(end => (end.Identity, end.Reason, end.Text)));
    }

    [Fact]
    public void A_last_word_stays_until_a_renewal_and_moves_no_deadline()
    {
        Session session = _test.Create("a");
        Session other = _test.Create("b");
        long deadlineNs = session.DeadlineNs;
        _test.Pass(1000);

        Assert.Equal(SessionStatus.Ok, Table.Inquire(session.Key, isGateClosed: true, out _));
        Assert.Equal(SessionStatus.Ok, Table.Inquire(other.Key, isGateClosed: true, out _));
        Assert.Equal(SessionStatus.WrongNonce, Table.Inquire(other.Key with { Nonce = 1 }, isGateClosed: true, out _));
        Assert.Equal((deadlineNs, true), (session.DeadlineNs, session.IsGateClosed));
        Assert.Empty(Table.Changes);
        _test.Renew(other.Key);
        _test.Pass(20_000);
        _test.Expire();

        Assert.Equal([("a", true), ("b", false)], Ends().Select(end => (end.Identity, end.IsGateClosed)).Order());
    }

    [Fact]
    public void The_word_of_a_former_connection_counts_for_nothing()
    {
        Session session = _test.Create("a");
        SessionKey former = session.Key;
        _test.Commit(table => table.Reattach(former.SessionId, "a", TestConnections.SecretOf(session), 99, _test.NowNs));

        Table.Inquire(former, isGateClosed: true, out _);

        Assert.False(session.IsGateClosed);
    }

    [Fact]
    public void An_end_that_the_store_did_not_take_is_not_kept_and_the_next_try_is()
    {
        Session session = _test.Create("a");
        Table.Close(session.Key);
        Assert.Empty(Ends());
        Table.Undo();
        Assert.Empty(Ends());
        _test.AssertSound();

        _test.Commit(table => table.Close(session.Key));

        Assert.Equal(session.Key.Epoch, Assert.Single(Ends()).Epoch);
    }

    [Fact]
    public void The_oldest_goes_in_the_transaction_of_the_newest_and_comes_back_if_that_fails()
    {
        TestTable small = new(new SessionTableSettings { MaxEnds = 2 });
        Session[] sessions = [.. Enumerable.Range(0, 3).Select(i => small.Create($"server {i}"))];
        small.Commit(table => table.Close(sessions[0].Key));
        small.Commit(table => table.Close(sessions[1].Key));
        ulong oldest = small.Table.ListEnds(new EndQuery()).Rows[0].Revision;

        small.Table.Close(sessions[2].Key);
        Assert.Equal(new StoreChange.RemoveEnd(oldest), small.Table.Changes[^1]);
        Assert.Equal(["server 0", "server 1"], Names(small));
        small.Table.Undo();
        Assert.Equal(["server 0", "server 1"], Names(small));
        small.AssertSound();

        small.Commit(table => table.Close(sessions[2].Key));
        Assert.Equal(["server 1", "server 2"], Names(small));
        small.AssertSound();
    }

    [Fact]
    public void A_successor_has_the_ends_of_all_before_it()
    {
        _test.Commit(table => table.Close(_test.Create("a").Key));
        SessionEnd end = Assert.Single(Ends());

        TestTable next = new(snapshot: TestTable.Empty(2) with { Revision = Table.Revision, Content = [new StoreChange.PutEnd(end)] });

        Assert.Equal([end], next.Table.ListEnds(new EndQuery()).Rows);
        next.AssertSound();
    }

    private static IEnumerable<string> Names(TestTable test) =>
        test.Table.ListEnds(new EndQuery()).Rows.Select(end => end.Identity);

    private IReadOnlyList<SessionEnd> Ends() => Table.ListEnds(new EndQuery()).Rows;

    private void Note() => Table.NoteTime(_test.NowNs, Noon);
}
