using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class SuspectTests
{
    private readonly TestTable _test = new();

    [Fact]
    public void Half_a_term_of_silence_is_noted_with_the_time_that_is_left()
    {
        Session session = _test.Create("a");

        _test.Pass((TestTable.TermMs / 2) - 1);
        Assert.Equal(0, _test.Table.Expire(_test.NowNs, 10));
        _test.Pass(1);
        Assert.Equal(1, _test.Table.Expire(_test.NowNs, 10));

        Assert.Equal(TestTable.Stored(session) with { SuspectMs = TestTable.TermMs / 2 }, Assert.Single(_test.Table.Changes));
        Assert.Empty(_test.Table.Ended);
    }

    [Fact]
    public void A_suspect_expires_no_earlier_than_others()
    {
        Session session = _test.Create("a");
        _test.Pass(TestTable.TermMs / 2);
        Assert.Empty(_test.Expire());

        _test.Pass((TestTable.TermMs / 2) - 1);
        Assert.Empty(_test.Expire());
        _test.Pass(1);
        Assert.Equal(session, Assert.Single(_test.Expire()).Session);
    }

    [Fact]
    public void Who_renews_in_time_is_never_marked()
    {
        Session session = _test.Create("a");
        for (int i = 0; i < 20; i++)
        {
            _test.Pass((TestTable.TermMs / 2) - 1);
            Assert.Equal(SessionStatus.Ok, _test.Renew(session.Key));
            Assert.Empty(_test.Expire());
            Assert.Null(session.SuspectMs);
        }
    }

    [Fact]
    public void The_answer_to_a_suspect_waits_until_the_store_has_forgotten_the_mark()
    {
        Session session = Suspect();

        KeepAliveVerdict verdict = _test.Table.KeepAlive(session.Key, _test.NowNs);
        Assert.Equal(new KeepAliveVerdict(SessionStatus.Ok, TestTable.TermMs, IsSuspect: true) { LeftNs = 5000 * TestTable.Ms }, verdict);
        _test.Table.ClearSuspect(session.Key);
        Assert.Equal(TestTable.Stored(session) with { SuspectMs = null }, Assert.Single(_test.Table.Changes));
        Assert.True(_test.Table.KeepAlive(session.Key, _test.NowNs).IsSuspect);
        _test.Table.Accept();

        Assert.False(_test.Table.KeepAlive(session.Key, _test.NowNs).IsSuspect);
    }

    [Fact]
    public void Whatever_the_store_fails_at_the_mark_is_counted_with()
    {
        Session session = _test.Create("a");
        _test.Pass(TestTable.TermMs / 2);
        _test.Table.Expire(_test.NowNs, 10);
        _test.Table.Undo();
        Assert.True(_test.Table.KeepAlive(session.Key, _test.NowNs).IsSuspect);

        _test.Table.ClearSuspect(session.Key);
        _test.Table.Undo();
        Assert.True(_test.Table.KeepAlive(session.Key, _test.NowNs).IsSuspect);
    }

    [Fact]
    public void A_revocation_in_the_same_transaction_does_not_bring_a_cleared_mark_back()
    {
        Session session = Suspect();

        _test.Table.ClearSuspect(session.Key);
        _test.Table.Revoke(session.Key.SessionId, session.Key.Epoch);

        Assert.Equal(
            TestTable.Stored(session) with { SuspectMs = null, IsRevoked = true }, _test.Table.Changes[^1]);
    }

    [Fact]
    public void A_create_that_is_repeated_clears_the_mark_too()
    {
        Session session = Suspect();

        Assert.Same(session, _test.Table.FindCreated("a", session.Key.Nonce, _test.NowNs));

        Assert.Single(_test.Table.Changes);
        _test.Table.Accept();
        Assert.Null(session.SuspectMs);
    }

    [Fact]
    public void A_successor_gives_a_suspect_what_was_left_and_the_others_what_they_were_promised()
    {
        Session suspect = Suspect();
        Session alive = _test.Create("b");

        TestTable successor = Succeed(TestTable.Stored(suspect), TestTable.Stored(alive));

        successor.Pass((TestTable.TermMs / 2) - 1);
        Assert.Empty(successor.Expire());
        successor.Pass(1);
        Assert.Equal("a", Assert.Single(successor.Expire()).Session.Description.Identity);
        successor.Pass(TestTable.LongestTermMs);
        Assert.Equal("b", Assert.Single(successor.Expire()).Session.Description.Identity);
    }

    [Fact]
    public void The_dead_do_not_outlive_leaders_of_half_a_term_each()
    {
        StoreChange.PutSession stored = TestTable.Stored(_test.Create("a"));
        const int Most = (int)(2 * TestTable.LongestTermMs / TestTable.TermMs) + 1;
        for (int leadership = 0; leadership < Most; leadership++)
        {
            TestTable leader = Succeed(stored);
            leader.Pass(TestTable.TermMs / 2);
            leader.Table.Expire(leader.NowNs, 10);
            if (leader.Table.Ended.Count > 0)
            {
                return;
            }

            stored = leader.Table.Changes.OfType<StoreChange.PutSession>().LastOrDefault(stored);
        }

        Assert.Fail($"alive after {Most} leaderships");
    }

    private static TestTable Succeed(params StoreChange.PutSession[] sessions) =>
        new(snapshot: TestTable.Empty(masterEpoch: 2) with { Revision = 100, Content = sessions });

    private Session Suspect()
    {
        Session session = _test.Create("a");
        _test.Pass(TestTable.TermMs / 2);
        Assert.Empty(_test.Expire());
        Assert.Equal(TestTable.TermMs / 2, session.SuspectMs);
        return session;
    }
}
