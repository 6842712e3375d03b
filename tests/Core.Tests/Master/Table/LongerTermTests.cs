using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Under load a master asks for fewer renewals: of a longer term.</summary>
public sealed class LongerTermTests
{
    // Sixty renewals a second: of up to 10 sessions a term of 1 s, of 20 one of 2 s, of 30 and more one of 3 s.
    private readonly TestTable _test = new(new SessionTableSettings
    {
        TermMs = 1000,
        MaxTermMs = 3000,
        MaxRenewalsPerSecond = 60,
    });

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(10, 1000)]
    [InlineData(20, 2000)]
    [InlineData(30, 3000)]
    [InlineData(60, 3000)]
    public void A_renewal_brings_the_term_that_all_sessions_together_need(int sessions, uint termMs)
    {
        Session first = _test.Create("s0");
        foreach (int i in Enumerable.Range(1, sessions - 1))
        {
            _test.Create($"s{i}");
        }

        // Not before the store knows it.
        Assert.Equal(1000u, _test.Table.KeepAlive(first.Key, _test.NowNs).TermMs);
        _test.Expire();
        KeepAliveVerdict verdict = _test.Table.KeepAlive(first.Key, _test.NowNs);

        Assert.Equal(termMs, verdict.TermMs);
        Assert.Equal(_test.NowNs + (termMs * TestTable.Ms), first.DeadlineNs);
    }

    [Fact]
    public void A_longer_term_is_promised_only_when_the_store_has_it()
    {
        Session[] sessions = Crowd(30);
        _test.Table.Expire(_test.NowNs, 10);
        Assert.Equal(new StoreChange.PutState(3000, false), Assert.Single(_test.Table.Changes));
        Assert.Equal(1000u, _test.Table.KeepAlive(sessions[0].Key, _test.NowNs).TermMs);
        _test.Table.Undo();
        Assert.Equal(1000u, _test.Table.KeepAlive(sessions[0].Key, _test.NowNs).TermMs);

        _test.Expire();
        Assert.Equal(3000u, _test.Table.KeepAlive(sessions[0].Key, _test.NowNs).TermMs);
    }

    [Fact]
    public void A_longer_term_is_forgotten_when_its_last_promise_has_run_out()
    {
        Session[] sessions = Crowd(30);
        _test.Expire();
        _test.Renew(sessions[0].Key);
        foreach (Session other in sessions[1..])
        {
            _test.Commit(table => table.Close(other.Key));
        }

        _test.Expire();
        for (int ms = 0; ms < 2900; ms += 100)
        {
            _test.Pass(100);
            _test.Table.Expire(_test.NowNs, 10);
            Assert.DoesNotContain(_test.Table.Changes, change => change is StoreChange.PutState);
            _test.Table.Accept();
            Assert.Equal(1000u, _test.Table.KeepAlive(sessions[0].Key, _test.NowNs).TermMs);
        }

        _test.Pass(100);
        _test.Table.Expire(_test.NowNs, 10);
        Assert.Contains(new StoreChange.PutState(0, false), _test.Table.Changes);
    }

    [Fact]
    public void A_successor_forgets_a_longer_term_after_it_has_led_for_as_long()
    {
        TestTable successor = new(
            new SessionTableSettings { TermMs = 1000 },
            TestTable.Empty(masterEpoch: 2) with { LengthenedTermMs = 3000 });
        successor.Pass(2999);
        successor.Table.Expire(successor.NowNs, 10);
        Assert.Empty(successor.Table.Changes);
        successor.Pass(1);
        successor.Table.Expire(successor.NowNs, 10);
        Assert.Equal(new StoreChange.PutState(0, false), Assert.Single(successor.Table.Changes));
    }

    [Fact]
    public void A_load_that_grows_slowly_is_stored_rarely()
    {
        int stored = 0;
        for (int i = 0; i < 30; i++)
        {
            _test.Create($"s{i}");
            _test.Table.Expire(_test.NowNs, 10);
            stored += _test.Table.Changes.Count;
            _test.Table.Accept();
        }

        Assert.InRange(stored, 1, 6);
    }

    [Fact]
    public void A_session_of_a_lengthened_term_is_no_suspect_while_it_renews_as_it_was_told()
    {
        TestTable successor = new(
            new SessionTableSettings { TermMs = 1000 },
            TestTable.Empty(masterEpoch: 2) with
            {
                Revision = 1,
                LengthenedTermMs = 3000,
                Content = [TestTable.Stored(_test.Create("a"))],
            });
        // Half of its own term is over, and a third of the one that it was told.
        successor.Pass(1000);
        successor.Table.Expire(successor.NowNs, 10);
        Assert.Empty(successor.Table.Changes);
    }

    [Fact]
    public void A_term_that_becomes_shorter_again_takes_nothing_back()
    {
        Session[] sessions = Crowd(30);
        _test.Expire();
        _test.Renew(sessions[0].Key);
        long deadlineNs = sessions[0].DeadlineNs;
        foreach (Session other in sessions[1..])
        {
            _test.Commit(table => table.Close(other.Key));
        }

        _test.Pass(100);
        Assert.Equal(1000u, _test.Table.KeepAlive(sessions[0].Key, _test.NowNs).TermMs);

        Assert.Equal(deadlineNs, sessions[0].DeadlineNs);
    }

    private Session[] Crowd(int sessions) => [.. Enumerable.Range(0, sessions).Select(i => _test.Create($"s{i}"))];

    [Fact]
    public void A_wish_for_longer_is_kept()
    {
        Session session = _test.Create("a", termMs: 2500);
        Assert.Equal(2500u, _test.Table.KeepAlive(session.Key, _test.NowNs).TermMs);
    }
}
