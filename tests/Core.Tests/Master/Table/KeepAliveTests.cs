using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class KeepAliveTests
{
    private readonly TestTable _test = new();

    [Fact]
    public void A_renewal_runs_from_the_receipt_of_the_request_and_says_the_term()
    {
        Session session = _test.Create("a", termMs: 2000);
        _test.Pass(1500);

        KeepAliveVerdict verdict = _test.Table.KeepAlive(session.Key, _test.NowNs);

        Assert.Equal(new KeepAliveVerdict(SessionStatus.Ok, 2000, IsSuspect: false) { LeftNs = 500 * TestTable.Ms }, verdict);
        Assert.Equal(_test.NowNs + (2000 * TestTable.Ms), session.DeadlineNs);
        Assert.Empty(_test.Table.Changes);
    }

    [Fact]
    public void A_deadline_never_moves_back()
    {
        Session session = _test.Create("a");
        long deadlineNs = session.DeadlineNs;

        Assert.Equal(SessionStatus.Ok, _test.Table.KeepAlive(session.Key, _test.NowNs - (3000 * TestTable.Ms)).Status);

        Assert.Equal(deadlineNs, session.DeadlineNs);
    }

    [Fact]
    public void A_renewal_before_expiry_is_decided_counts_even_past_the_deadline()
    {
        Session session = _test.Create("a");
        _test.Pass(TestTable.TermMs + 10);

        Assert.Equal(SessionStatus.Ok, _test.Renew(session.Key));
        Assert.Empty(_test.Expire());
        Assert.Equal(1, _test.Table.Count);
    }

    [Fact]
    public void Who_is_not_the_holder_renews_nothing_and_hears_why()
    {
        Session session = _test.Create("a");
        long deadlineNs = session.DeadlineNs;
        _test.Pass(1000);

        Assert.Equal(
            SessionStatus.UnknownSession, _test.Renew(session.Key with { SessionId = session.Key.SessionId + 1 }));
        Assert.Equal(SessionStatus.WrongEpoch, _test.Renew(session.Key with { Epoch = session.Key.Epoch + 1 }));
        Assert.Equal(SessionStatus.WrongEpoch, _test.Renew(session.Key with { Epoch = session.Key.Epoch - 1 }));
        Assert.Equal(SessionStatus.WrongNonce, _test.Renew(session.Key with { Nonce = session.Key.Nonce + 1 }));
        Assert.Equal(deadlineNs, session.DeadlineNs);
    }

    [Fact]
    public void A_revoked_session_is_renewed_no_more()
    {
        Session session = _test.Create("a");
        long deadlineNs = session.DeadlineNs;
        _test.Commit(table => table.Revoke(session.Key.SessionId, session.Key.Epoch));
        _test.Pass(1000);

        Assert.Equal(
            new KeepAliveVerdict(SessionStatus.SessionRevoked, 0, IsSuspect: false),
            _test.Table.KeepAlive(session.Key, _test.NowNs));
        Assert.Equal(deadlineNs, session.DeadlineNs);
    }

    [Fact]
    public void A_condemned_session_is_never_renewed_though_the_store_failed()
    {
        Session session = _test.Create("a");
        _test.Pass(TestTable.TermMs);
        _test.Table.Expire(_test.NowNs, most: 10);
        _test.Table.Undo();
        long deadlineNs = session.DeadlineNs;

        Assert.Equal(SessionStatus.SessionExpired, _test.Renew(session.Key));
        Assert.Equal(deadlineNs, session.DeadlineNs);
        Assert.Equal(1, _test.Table.Count);
        Assert.Equal(SessionEndReason.Expired, Assert.Single(_test.Expire()).Reason);
    }

    [Fact]
    public void A_late_holder_hears_how_its_session_ended()
    {
        Session closed = _test.Create("closed");
        Session revoked = _test.Create("revoked");
        Session expired = _test.Create("expired");
        _test.Commit(table => table.Close(closed.Key));
        _test.Commit(table => table.Revoke(revoked.Key.SessionId, revoked.Key.Epoch));
        _test.Commit(table => table.Close(revoked.Key));
        _test.Pass(TestTable.TermMs);
        _test.Expire();

        Assert.Equal(SessionStatus.SessionClosed, _test.Renew(closed.Key));
        Assert.Equal(SessionStatus.SessionRevoked, _test.Renew(revoked.Key));
        Assert.Equal(SessionStatus.SessionExpired, _test.Renew(expired.Key));
    }

    [Fact]
    public void A_renewal_that_comes_while_the_end_is_being_committed_hears_the_end()
    {
        Session closed = _test.Create("closed");
        Session expired = _test.Create("expired", termMs: 1000);
        _test.Pass(1000);
        _test.Table.Expire(_test.NowNs, most: 10);
        _test.Table.Close(closed.Key);

        Assert.Equal(SessionStatus.SessionExpired, _test.Renew(expired.Key));
        Assert.Equal(SessionStatus.SessionClosed, _test.Renew(closed.Key));
    }

    [Fact]
    public void Only_the_latest_ends_are_remembered_but_the_answer_stays_final()
    {
        Session first = _test.Create("a");
        _test.Commit(table => table.Close(first.Key));
        Session second = _test.Create("a");
        _test.Commit(table => table.Close(second.Key));
        for (int i = 0; i < Limits.MaxRememberedEnds - 1; i++)
        {
            Session other = _test.Create("b");
            _test.Commit(table => table.Close(other.Key));
        }

        Assert.Equal(SessionStatus.UnknownSession, _test.Renew(first.Key));
        Assert.Equal(SessionStatus.SessionClosed, _test.Renew(second.Key));
    }

    [Fact]
    public void An_inquiry_tells_how_a_session_stands_and_extends_nothing()
    {
        Session session = _test.Create("a");
        long deadlineNs = session.DeadlineNs;
        _test.Pass(1000);

        Assert.Equal(SessionStatus.Ok, _test.Table.Inquire(session.Key));
        Assert.Equal(SessionStatus.WrongEpoch, _test.Table.Inquire(session.Key with { Epoch = session.Key.Epoch + 1 }));
        Assert.Equal(SessionStatus.WrongNonce, _test.Table.Inquire(session.Key with { Nonce = session.Key.Nonce + 1 }));

        Assert.Equal(deadlineNs, session.DeadlineNs);
        _test.Pass(TestTable.TermMs - 1000);
        Assert.Single(_test.Expire());
        Assert.Equal(SessionStatus.SessionExpired, _test.Table.Inquire(session.Key));
    }
}
