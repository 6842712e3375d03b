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

        KeepAliveVerdict verdict = _test.Table.KeepAlive(first.Key, _test.NowNs);

        Assert.Equal(termMs, verdict.TermMs);
        Assert.Equal(_test.NowNs + (termMs * TestTable.Ms), first.DeadlineNs);
    }

    [Fact]
    public void A_term_that_becomes_shorter_again_takes_nothing_back()
    {
        Session[] sessions = [.. Enumerable.Range(0, 30).Select(i => _test.Create($"s{i}"))];
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

    [Fact]
    public void A_wish_for_longer_is_kept()
    {
        Session session = _test.Create("a", termMs: 2500);
        Assert.Equal(2500u, _test.Table.KeepAlive(session.Key, _test.NowNs).TermMs);
    }
}
