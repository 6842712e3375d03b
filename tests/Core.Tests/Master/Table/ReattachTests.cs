using System;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class ReattachTests
{
    private const ulong Nonce = 0x99;
    private readonly TestTable _test = new();

    [Fact]
    public void The_session_goes_on_at_its_epoch_with_a_new_nonce_and_the_next_secret()
    {
        Session session = _test.Create("a");
        (SessionKey former, UInt128 secret) = (session.Key, TestConnections.SecretOf(session));
        _test.Pass(3000);

        Assert.Same(session, Reattach(session, secret, Nonce));

        Assert.Equal(former with { Nonce = Nonce }, session.Key);
        Assert.False(session.SecretHash.IsOf(secret));
        Assert.True(session.SecretHash.IsOf(TestConnections.SecretOf(Nonce)));
        Assert.Equal(_test.NowNs + (TestTable.TermMs * TestTable.Ms), session.DeadlineNs);
    }

    [Fact]
    public void The_newest_connection_wins_and_the_former_one_is_refused()
    {
        Session session = _test.Create("a");
        SessionKey former = session.Key;

        Reattach(session, TestConnections.SecretOf(session), Nonce);

        Assert.Equal(SessionStatus.WrongNonce, _test.Renew(former));
        Assert.Equal(SessionStatus.Ok, _test.Renew(session.Key));
        _test.AssertRefused(SessionStatus.WrongNonce, table => table.Close(former));
        _test.AssertRefused(SessionStatus.WrongNonce, table => table.SetItem(former, "k", new byte[1], null));
    }

    [Fact]
    public void A_secret_is_good_once()
    {
        Session session = _test.Create("a");
        UInt128 secret = TestConnections.SecretOf(session);
        Reattach(session, secret, Nonce);

        _test.AssertRefused(
            SessionStatus.WrongSecret, table => table.Reattach(session.Key.SessionId, "a", secret, 0x98, _test.NowNs));
    }

    [Fact]
    public void A_repeated_call_is_answered_as_the_first()
    {
        Session session = _test.Create("a");
        UInt128 secret = TestConnections.SecretOf(session);
        SecretHash next = Reattach(session, secret, Nonce).SecretHash;

        Assert.Equal(next, Reattach(session, secret, Nonce).SecretHash);
        Assert.Empty(_test.Table.Changes);
    }

    [Fact]
    public void A_nonce_that_was_overheard_is_no_copy_of_the_call()
    {
        Session session = _test.Create("a");
        Reattach(session, TestConnections.SecretOf(session), Nonce);
        ToldConnection stranger = new(Nonce, SecretHash.Of(4711));

        _test.AssertRefused(
            SessionStatus.WrongSecret, table => table.Reattach(session.Key.SessionId, "a", 0, stranger, _test.NowNs));
    }

    [Fact]
    public void A_hash_is_worth_nothing()
    {
        Session session = _test.Create("a");

        _test.AssertRefused(
            SessionStatus.WrongSecret, table => table.Reattach(session.Key.SessionId, "a", session.SecretHash.Value, Nonce, _test.NowNs));
    }

    [Fact]
    public void Another_identity_or_a_wrong_secret_gets_nothing()
    {
        Session session = _test.Create("a");
        ulong id = session.Key.SessionId;

        _test.AssertRefused(SessionStatus.WrongSecret, table => table.Reattach(id, "b", TestConnections.SecretOf(session), Nonce, _test.NowNs));
        _test.AssertRefused(SessionStatus.WrongSecret, table => table.Reattach(id, "a", TestConnections.SecretOf(session) + 1, Nonce, _test.NowNs));
        _test.AssertRefused(SessionStatus.UnknownSession, table => table.Reattach(id + 1, "a", TestConnections.SecretOf(session), Nonce, _test.NowNs));
    }

    [Fact]
    public void A_session_that_has_ended_or_is_revoked_is_not_taken_up()
    {
        Session expired = _test.Create("a");
        _test.Pass(TestTable.TermMs);
        _test.Expire();
        Session revoked = _test.Create("b");
        _test.Commit(table => table.Revoke(revoked.Key.SessionId, revoked.Key.Epoch));

        _test.AssertRefused(
            SessionStatus.SessionExpired,
            table => table.Reattach(expired.Key.SessionId, "a", TestConnections.SecretOf(expired), Nonce, _test.NowNs));
        _test.AssertRefused(
            SessionStatus.SessionRevoked,
            table => table.Reattach(revoked.Key.SessionId, "b", TestConnections.SecretOf(revoked), Nonce, _test.NowNs));
    }

    [Fact]
    public void If_the_store_fails_the_former_connection_holds_it_still()
    {
        Session session = _test.Create("a");
        (SessionKey former, UInt128 secret) = (session.Key, TestConnections.SecretOf(session));

        _test.Table.Reattach(session.Key.SessionId, "a", secret, Nonce, _test.NowNs);
        _test.Table.Undo();

        Assert.Equal(former, session.Key);
        Assert.True(session.SecretHash.IsOf(secret));
        Assert.Equal(SessionStatus.Ok, _test.Renew(former));
    }

    [Fact]
    public void A_revocation_in_the_same_transaction_stays()
    {
        Session session = _test.Create("a");

        _test.Table.Revoke(session.Key.SessionId, session.Key.Epoch);
        _test.Table.Reattach(session.Key.SessionId, "a", TestConnections.SecretOf(session), Nonce, _test.NowNs);

        Assert.Equal(TestTable.Stored(session) with { IsRevoked = true }, _test.Table.Changes[^1]);
    }

    private Session Reattach(Session session, UInt128 secret, ulong nonce) => _test.Commit(
        table => table.Reattach(session.Key.SessionId, session.Description.Identity, secret, nonce, _test.NowNs));
}
