using System;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>A store that went back: who may hold what it has forgotten is waited for.</summary>
public sealed class StorePastTests
{
    private const ulong Former = 100;
    private const ulong Floor = 1_000_000;

    [Fact]
    public void A_holder_of_what_the_store_never_made_shows_that_it_went_back()
    {
        TestTable test = new(snapshot: Snapshot());
        Assert.Null(test.Table.Stranger);
        SessionKey forgotten = new(7, 5000, 1);

        Assert.Equal(SessionStatus.UnknownSession, test.Renew(forgotten));

        Assert.Equal(forgotten, test.Table.Stranger);
        SessionException refusal = test.AssertRefused(
            SessionStatus.IdentityInUse, table => table.Create(TestTable.Server("new"), 1, test.NowNs));
        Assert.Equal(TestTable.LongestTermMs, refusal.RetryAfterMs);
        test.Pass(TestTable.LongestTermMs - 1);
        test.AssertRefused(SessionStatus.IdentityInUse, table => table.Create(TestTable.Server("new"), 1, test.NowNs));
        test.Pass(1);
        Assert.True(test.Create("new").Key.Epoch > Floor);
    }

    [Theory]
    [InlineData(Former)]
    [InlineData(1)]
    public void A_holder_of_what_has_ended_is_no_stranger(ulong epoch)
    {
        TestTable test = new(snapshot: Snapshot());
        test.Renew(new SessionKey(7, epoch, 1));
        Assert.Null(test.Table.Stranger);
        test.Create("new");
    }

    [Fact]
    public void A_holder_of_what_this_leadership_has_made_and_ended_is_no_stranger()
    {
        TestTable test = new(snapshot: Snapshot());
        SessionKey key = test.Create("a").Key;
        test.Commit(table => table.Close(key));
        test.Renew(key);
        Assert.Null(test.Table.Stranger);
    }

    [Fact]
    public void An_epoch_beyond_all_that_was_counted_shows_a_clock_that_is_behind()
    {
        TestTable test = new(snapshot: Snapshot());
        SessionKey ahead = new(7, Floor + 1, 1);
        test.Renew(ahead);
        Assert.Equal(ahead, test.Table.Stranger);
    }

    [Fact]
    public void A_stranger_who_comes_late_keeps_nobody_waiting()
    {
        TestTable test = new(snapshot: Snapshot());
        test.Pass(TestTable.LongestTermMs);
        test.Renew(new SessionKey(7, 5000, 1));
        test.Create("new");
    }

    [Fact]
    public void Sessions_that_the_store_knows_are_not_kept_waiting()
    {
        TestTable first = new();
        StoreChange.PutSession known = TestTable.Stored(first.Create("known"));
        TestTable test = new(snapshot: Snapshot() with { Content = [known], IsRestored = true });

        Assert.Equal(SessionStatus.Ok, test.Renew(known.Key));
        UInt128 secret = TestConnections.SecretOf(known.Key.Nonce);
        Assert.Equal(
            known.Key, test.Table.Reattach(known.Key.SessionId, "known", secret, 5, test.NowNs).Key with { Nonce = known.Key.Nonce });
    }

    [Fact]
    public void After_an_import_nobody_unknown_is_granted_anything_before_all_that_was_promised_is_over()
    {
        TestTable test = new(snapshot: Snapshot() with { IsRestored = true });
        test.AssertRefused(SessionStatus.IdentityInUse, table => table.Create(TestTable.Server("new"), 1, test.NowNs));
        Assert.Empty(test.Expire());
        test.Pass(TestTable.LongestTermMs);
        test.Create("new");

        test.Table.Expire(test.NowNs, 10);

        Assert.Equal(new StoreChange.PutState(0, IsRestored: false), Assert.Single(test.Table.Changes));
        test.Table.Accept();
        test.Table.Expire(test.NowNs, 10);
        Assert.Empty(test.Table.Changes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_an_import_who_held_an_identity_is_not_granted_it_again_beside_one_who_was_given_it_since(bool isAbandoned)
    {
        TestTable first = new();
        StoreChange.PutSession known = TestTable.Stored(first.Create("known"));
        TestTable test = new(snapshot: Snapshot() with { Content = [known], IsRestored = true });
        ulong nonce = isAbandoned ? 77 : known.Key.Nonce;

        test.AssertRefused(
            SessionStatus.IdentityInUse,
            table => table.Create(TestTable.Server("known"), nonce, test.NowNs, known.Key.Nonce));

        test.Pass(TestTable.LongestTermMs);
        Session granted = test.Commit(table => table.Create(TestTable.Server("known"), nonce, test.NowNs, known.Key.Nonce));
        Assert.Equal(isAbandoned, granted.Key.Epoch != known.Key.Epoch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_an_import_a_session_that_is_given_back_ends_once_nobody_can_have_taken_it_up_since_the_export(bool isRevoked)
    {
        TestTable first = new();
        StoreChange.PutSession known = TestTable.Stored(first.Create("known"));
        TestTable test = new(snapshot: Snapshot() with { Content = [known], IsRestored = true });
        if (isRevoked)
        {
            test.Commit(table => table.Revoke(known.Key.SessionId, known.Key.Epoch));
        }

        test.Commit(table => table.Close(known.Key));
        test.Commit(table => table.Close(known.Key));

        Assert.Equal(SessionStatus.SessionRevoked, test.Renew(known.Key));
        test.Pass(TestTable.LongestTermMs - 1);
        Assert.Empty(test.Expire());
        test.Pass(1);
        Assert.Equal(SessionEndReason.Revoked, Assert.Single(test.Expire()).Reason);
    }

    [Fact]
    public void What_was_granted_since_an_import_ends_when_it_is_given_back()
    {
        TestTable test = new(snapshot: Snapshot() with { IsRestored = true });
        test.Pass(TestTable.LongestTermMs);
        SessionKey key = test.Create("new").Key;

        test.Commit(table => table.Close(key));

        Assert.Equal(SessionStatus.SessionClosed, test.Renew(key));
    }

    [Fact]
    public void After_an_import_a_session_lives_for_as_long_as_it_may_have_been_promised_since_the_export()
    {
        TestTable first = new();
        StoreChange.PutSession known = TestTable.Stored(first.Create("known"));
        TestTable test = new(snapshot: Snapshot() with { Content = [known], IsRestored = true });

        test.Pass(TestTable.LongestTermMs - 1);
        Assert.Empty(test.Expire());
        test.Pass(1);
        Assert.NotEmpty(test.Expire());
    }

    private static StoreSnapshot Snapshot() =>
        TestTable.Empty(masterEpoch: 2) with { FormerRevision = Former, Revision = Floor };
}
