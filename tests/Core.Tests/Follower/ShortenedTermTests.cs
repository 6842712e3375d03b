using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>A term that was lengthened under load, and usable, becomes short again when the load has gone.</summary>
public sealed class ShortenedTermTests
{
    private const long Ms = 1_000_000;

    /// <summary>δ leaves nothing of the short term, and less than a third.</summary>
    [Theory]
    [InlineData(5000u)]
    [InlineData(1500u)]
    public void A_holder_that_could_hardly_serve_is_not_kept_alive_for_ever(uint effectDelayMs)
    {
        long nowNs = 1_000_000 * Ms;
        SessionKey key = new(1, 7, 9);
        HolderBounds bounds = new(100_000, effectDelayMs);
        SessionLease.RequireUsable(60_000, bounds);
        SessionLease lease = new(
            new GrantedSession
            {
                Key = key,
                MasterEpoch = 5,
                TermMs = 60_000,
                LongestTermMs = 60_000,
                RenewalIntervalMs = 10_000,
                RenewalPhaseMs = 0,
            },
            bounds, nowNs, nowNs);
        long masterUntilNs = nowNs + (60_000 * Ms);

        for (long endNs = nowNs + (600_000 * Ms); nowNs < endNs && lease.State != SessionState.Lost; nowNs += 5 * Ms)
        {
            lease.Tick(nowNs);
            if (lease.IsRenewalDue(nowNs) && lease.BeginRenewal(nowNs) is not Asking.Nothing and var asking)
            {
                bool lives = nowNs < masterUntilNs;
                uint termMs = lives && asking == Asking.Renewal ? 2000u : 0;
                masterUntilNs = termMs > 0 ? long.Max(masterUntilNs, nowNs + (termMs * Ms)) : masterUntilNs;
                SessionStatus status = lives ? SessionStatus.Ok : SessionStatus.SessionExpired;
                lease.Accept(new RenewalAnswer(key, 5, status, termMs, 333, 60_000), nowNs, nowNs + Ms);
            }
        }

        Assert.Equal(SessionState.Lost, lease.State);
        Assert.Equal(SessionEndReason.Expired, lease.EndReason);
    }
}
