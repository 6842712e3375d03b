using Interop.Sessions.Core.Tests.Master;
using Interop.Sessions.Follower;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>What a holder decides by time alone, held against the masters that it does not hear.</summary>
public sealed class LeaseAndMasterTests
{
    /// <summary>A hundred sessions renew as often as it wants to be asked when each is promised the longest term.</summary>
    private static readonly SessionTableSettings _settings = new()
    {
        TermMs = 1000,
        MaxTermMs = 60_000,
        MaxRenewalsPerSecond = 10,
    };

    [Fact]
    public void LOST_is_not_told_before_a_successor_has_kept_the_longest_promise_whose_answer_got_lost()
    {
        TestTable master = new(_settings);
        Session session = master.Create("cs1");
        for (int i = 0; i < 100; i++)
        {
            master.Create($"s{i}", _settings.MaxTermMs);
        }

        SessionLease holder = new(
            new GrantedSession
            {
                Key = session.Key,
                MasterEpoch = 1,
                TermMs = _settings.TermMs,
                LongestTermMs = _settings.MaxTermMs,
                RenewalIntervalMs = 160,
                RenewalPhaseMs = 0,
            },
            new HolderBounds(ClockRateBoundPpm: 1000, EffectDelayMs: 0), master.NowNs, master.NowNs);
        master.Expire();
        Assert.Equal(_settings.MaxTermMs, master.Table.KeepAlive(session.Key, master.NowNs).TermMs);

        // One that begins just before the silence would have been noted for it.
        SessionTable successor = new(
            _settings,
            TestTable.Empty(masterEpoch: 2) with
            {
                Revision = master.Table.Revision,
                FormerRevision = master.Table.Revision,
                LengthenedTermMs = _settings.MaxTermMs,
                Content = [TestTable.Stored(session)],
            },
            () => 0, master.NowNs + (29_900 * TestTable.Ms));
        long lostNs = LostBySilenceNs(holder, master.NowNs);

        Assert.Equal(SessionEndReason.Expired, holder.EndReason);
        successor.Expire(lostNs, int.MaxValue);
        Assert.Single(successor.Ended);
    }

    private static long LostBySilenceNs(SessionLease holder, long nowNs)
    {
        while (holder.State != SessionState.Lost)
        {
            nowNs += 10 * TestTable.Ms;
            holder.Tick(nowNs);
            if (holder.IsRenewalDue(nowNs))
            {
                holder.BeginRenewal(nowNs);
            }
        }

        return nowNs;
    }
}
