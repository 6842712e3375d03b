using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Lease;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>A lease of 6 s, renewed every second, and a clock that the test sets.</summary>
internal sealed class TestLease
{
    internal const uint TermMs = 6000;
    internal const uint IntervalMs = 1000;
    internal const uint PhaseMs = 300;
    internal const ulong MasterEpoch = 5;
    internal const long StartNs = 1_000_000_000_000;
    internal const long Ms = 1_000_000;

    internal static readonly SessionKey Key = new(0xABC, 7, 0x123);
    internal static readonly HolderBounds Bounds = new(ClockRateBoundPpm: 100_000, EffectDelayMs: 200);

    /// <summary>How long a renewal is good for from its s on: (6000 ms * 9 / 11) - 200 ms.</summary>
    internal static readonly long UsableNs = LeaseArithmetic.HolderDeadlineNs(
        0, TermMs, Bounds.ClockRateBoundPpm, Bounds.EffectDelayMs);

    internal TestLease(long grantTookMs = 0, uint longestTermMs = 0)
    {
        GrantSentNs = StartNs - (grantTookMs * Ms);
        Lease = new SessionLease(
            new GrantedSession
            {
                Key = Key,
                MasterEpoch = MasterEpoch,
                TermMs = TermMs,
                LongestTermMs = longestTermMs,
                RenewalIntervalMs = IntervalMs,
                RenewalPhaseMs = PhaseMs,
            },
            Bounds,
            GrantSentNs,
            StartNs);
    }

    internal SessionLease Lease { get; }

    internal long GrantSentNs { get; }

    internal long NowNs { get; set; } = StartNs;

    internal static RenewalAnswer Ok => new(Key, MasterEpoch, SessionStatus.Ok, TermMs);

    /// <summary>Lets time pass as the loop does: a tick at least every interval.</summary>
    internal void Pass(long ms)
    {
        long endNs = NowNs + (ms * Ms);
        while (NowNs < endNs)
        {
            NowNs = long.Min(endNs, NowNs + (IntervalMs * Ms));
            Lease.Tick(NowNs);
        }
    }

    /// <summary>Lets time pass in which the holder does not run.</summary>
    internal void Sleep(long ms)
    {
        NowNs += ms * Ms;
        Lease.Tick(NowNs);
    }

    /// <summary>An OK to a request that was sent some time ago comes in now.</summary>
    internal void Renew(long sentAgoMs = 0) => Accept(Ok, sentAgoMs);

    internal void Accept(RenewalAnswer answer, long sentAgoMs = 0) =>
        Lease.Accept(answer, NowNs - (sentAgoMs * Ms), NowNs);

    /// <summary>Lets time pass as the loop does; says what was asked for, and after how many milliseconds.</summary>
    internal List<(long AfterMs, Asking What)> Asked(long ms)
    {
        List<(long AfterMs, Asking What)> asked = [];
        long startNs = NowNs;
        for (long endNs = NowNs + (ms * Ms); NowNs < endNs;)
        {
            NowNs = long.Min(endNs, long.Max(NowNs + Ms, Lease.NextWakeNs));
            Lease.Tick(NowNs);
            if (Lease.IsRenewalDue(NowNs))
            {
                asked.Add(((NowNs - startNs) / Ms, Lease.BeginRenewal(NowNs)));
            }
        }

        return asked;
    }

    internal void AssertMoved(params IEnumerable<SessionState> moves) => Assert.Equal(moves, TakeMoves());

    /// <summary>The states moved to since the last call, in order.</summary>
    internal List<SessionState> TakeMoves()
    {
        List<SessionState> taken = [];
        while (Lease.NextMove is { } move)
        {
            taken.Add(move);
            Lease.MoveTold();
        }

        return taken;
    }

    internal void AssertRefuses(SessionState state)
    {
        Assert.Equal(state, Lease.State);
        Assert.Equal(0, Lease.DeadlineNs);
    }
}
