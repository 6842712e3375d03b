using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class CreateTests
{
    private readonly TestTable _test = new();

    private SessionTable Table => _test.Table;

    [Fact]
    public void A_created_session_holds_its_lease_for_the_term_from_now()
    {
        Session session = _test.Create("a");

        Assert.Equal(TestTable.TermMs, session.TermMs);
        Assert.Equal(TestTable.StartNs + (TestTable.TermMs * TestTable.Ms), session.DeadlineNs);
        _test.AssertSound();
    }

    [Fact]
    public void The_store_is_told_the_session_and_nothing_else()
    {
        Session session = Table.Create(TestTable.Server("a"), nonce: 7, TestTable.StartNs);

        StoreChange.PutSession put = Assert.IsType<StoreChange.PutSession>(Assert.Single(Table.Changes));
        Assert.Equal(TestTable.Stored(session), put);
        Assert.True(put.SecretHash.IsOf(TestConnections.SecretOf(put.Key.Nonce)));
        Assert.Empty(Table.Ended);
    }

    [Theory]
    [InlineData(0, 10_000)]
    [InlineData(1, 1000)]
    [InlineData(999, 1000)]
    [InlineData(1000, 1000)]
    [InlineData(12_345, 12_345)]
    [InlineData(60_000, 60_000)]
    [InlineData(60_001, 60_000)]
    [InlineData(uint.MaxValue, 60_000)]
    public void A_wished_term_is_clamped_to_the_masters_bounds(uint wishedMs, uint grantedMs) =>
        Assert.Equal(grantedMs, _test.Create("a", wishedMs).TermMs);

    [Fact]
    public void Epochs_strictly_grow_even_when_an_identity_returns()
    {
        Session first = _test.Create("a");
        Session other = _test.Create("b");
        _test.Commit(table => table.Close(first.Key));
        Session second = _test.Create("a");

        Assert.True(first.Key.Epoch < other.Key.Epoch);
        Assert.True(other.Key.Epoch < second.Key.Epoch);
        Assert.Equal(second.Key.Epoch, Table.Revision);
    }

    [Fact]
    public void A_repeated_create_with_the_same_nonce_answers_the_same_session_and_renews_it()
    {
        Session first = Table.Create(TestTable.Server("a"), nonce: 7, _test.NowNs);
        Table.Accept();
        _test.Pass(5000);

        Session repeated = Table.Create(TestTable.Server("a"), nonce: 7, _test.NowNs);

        Assert.Same(first, repeated);
        Assert.Empty(Table.Changes);
        Assert.Equal(1, Table.Count);
        Assert.Equal(_test.NowNs + (TestTable.TermMs * TestTable.Ms), repeated.DeadlineNs);
    }

    [Fact]
    public void An_identity_with_a_living_holder_is_refused_with_the_time_that_remains()
    {
        Session holder = _test.Create("a");
        _test.Pass(4000);

        SessionException refusal = _test.AssertRefused(
            SessionStatus.IdentityInUse, table => table.Create(TestTable.Server("a"), nonce: 8, _test.NowNs));

        Assert.Contains("'a'", refusal.Message);
        Assert.Contains("6000 ms", refusal.Message);
        Assert.Contains($"{holder.Key.SessionId:x16}", refusal.Message);
    }

    [Fact]
    public void An_identity_stays_taken_past_its_deadline_until_the_expiry_is_durable()
    {
        _test.Create("a");
        _test.Pass(TestTable.TermMs + 1);

        _test.AssertRefused(
            SessionStatus.IdentityInUse, table => table.Create(TestTable.Server("a"), nonce: 8, _test.NowNs));
        _test.Expire();

        Assert.NotNull(_test.Create("a"));
    }

    [Fact]
    public void A_revoked_holder_does_not_get_its_session_back_by_repeating_its_create()
    {
        Session session = _test.Create("a");
        _test.Commit(table => table.Revoke(session.Key.SessionId, session.Key.Epoch));

        _test.AssertRefused(
            SessionStatus.IdentityInUse,
            table => table.Create(TestTable.Server("a"), session.Key.Nonce, _test.NowNs));
    }

    [Fact]
    public void A_condemned_holder_does_not_get_its_session_back_by_repeating_its_create()
    {
        Session session = _test.Create("a");
        _test.Pass(TestTable.TermMs);
        Table.Expire(_test.NowNs, most: 1);
        Table.Undo();

        _test.AssertRefused(
            SessionStatus.IdentityInUse,
            table => table.Create(TestTable.Server("a"), session.Key.Nonce, _test.NowNs));
    }

    [Fact]
    public void A_nonce_finds_only_the_identity_that_it_made()
    {
        Session session = _test.Create("a");

        Assert.Same(session, Table.FindCreated("a", session.Key.Nonce, _test.NowNs));
        Assert.Null(Table.FindCreated("b", session.Key.Nonce, _test.NowNs));
    }

    [Fact]
    public void Identities_are_compared_byte_by_byte()
    {
        _test.Create("a");

        Assert.Equal(2, new HashSet<ulong> { _test.Create("A").Key.SessionId, _test.Create("a ").Key.SessionId }.Count);
    }

    [Fact]
    public void No_more_sessions_than_max_sessions()
    {
        TestTable small = new(new SessionTableSettings { MaxSessions = 2 });
        Session first = small.Create("a");
        small.Create("b");

        SessionException refusal = small.AssertRefused(
            SessionStatus.TooManySessions, table => table.Create(TestTable.Server("c"), nonce: 9, small.NowNs));
        Assert.Contains("max_sessions", refusal.Message);

        // The full table still answers a repetition, and has room again when somebody leaves.
        Assert.Same(first, small.Table.Create(TestTable.Server("a"), first.Key.Nonce, small.NowNs));
        small.Commit(table => table.Close(first.Key));
        Assert.Equal(2, small.Create("c") is { } ? small.Table.Count : 0);
    }

    [Fact]
    public void An_id_is_never_zero_and_never_that_of_a_living_session()
    {
        Queue<ulong> ids = new([5, 0, 5, 5, 6]);
        SessionTable table = new(new SessionTableSettings(), TestTable.Empty(1), ids.Dequeue, TestTable.StartNs);

        table.Create(TestTable.Server("a"), 1, TestTable.StartNs);
        table.Create(TestTable.Server("b"), 2, TestTable.StartNs);
        table.Accept();

        Assert.Equal([5UL, 6UL], TableDump.AllOf(table).Select(session => session.Key.SessionId));
        Assert.Empty(ids);
    }

    [Fact]
    public void A_session_that_its_creator_has_abandoned_does_not_stand_in_its_way()
    {
        Session orphan = _test.Create("a");

        Session next = _test.Table.Create(TestTable.Server("a"), 99, _test.NowNs, [1, orphan.Key.Nonce]);

        Assert.NotSame(orphan, next);
        Assert.True(next.Key.Epoch > orphan.Key.Epoch);
        EndedSession end = Assert.Single(_test.Table.Ended);
        Assert.Equal((orphan, SessionEndReason.Closed), (end.Session, end.Reason));
        _test.Table.Accept();
        Assert.Equal(SessionStatus.SessionClosed, _test.Renew(orphan.Key));
        _test.AssertSound();
    }

    [Fact]
    public void A_session_of_another_process_is_not_given_away_for_a_nonce_that_is_not_its_own()
    {
        Session held = _test.Create("a");
        SessionException refusal = _test.AssertRefused(
            SessionStatus.IdentityInUse,
            table => table.Create(TestTable.Server("a"), 99, _test.NowNs, held.Key.Nonce + 1));
        Assert.Equal(TestTable.TermMs, refusal.RetryAfterMs);
        Assert.Contains("host-of-a", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("process 42", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_abandoned_session_is_there_again_if_the_store_fails()
    {
        Session orphan = _test.Create("a");
        _test.Table.Create(TestTable.Server("a"), 99, _test.NowNs, orphan.Key.Nonce);
        _test.Table.Undo();
        Assert.Equal(SessionStatus.Ok, _test.Renew(orphan.Key));
        _test.AssertSound();
    }
}
