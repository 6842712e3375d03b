using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>A life whose clock the test sets, and all that came of its inputs.</summary>
internal sealed class TestLife
{
    internal const long Ms = 1_000_000;
    internal const uint TermMs = 6000;
    internal const uint EffectDelayMs = 200;

    private ulong _epoch = 6;
    private ulong _nonce = 100;

    internal TestLife(RecreatePolicy recreate = RecreatePolicy.Never) => Life = new SessionLife(
        "cs1", new HolderBounds(ClockRateBoundPpm: 100_000, EffectDelayMs), recreate,
        description => new SessionWish(description, TestConnections.Of(++_nonce), 10_000), () => 0.5);

    internal SessionLife Life { get; }

    internal long NowNs { get; set; } = 1_000_000 * Ms;

    /// <summary>What was shown and given out, in order; the news without callbacks that wait.</summary>
    internal List<object> Seen { get; } = [];

    /// <summary>Callbacks that were said to wait.</summary>
    internal int Rings { get; private set; }

    internal void Do(Action<SessionLife> input) => Do(life =>
    {
        input(life);
        return true;
    });

    internal T Do<T>(Func<SessionLife, T> input)
    {
        T result = input(Life);
        foreach (LifeNews news in Life.TakeNews(NowNs))
        {
            if (news is LifeNews.CallbackWaits)
            {
                Rings++;
            }
            else
            {
                Seen.Add(news);
            }
        }

        Seen.AddRange(Life.TakeEffects());
        return result;
    }

    internal SessionWish Wish() => Begin(new SessionWish(new ServerDescription { Identity = "cs1" }, TestConnections.Of(++_nonce), 10_000));

    internal SessionWish WishForFormer(ulong sessionId = 0xDEF) => Begin(new SessionWish(sessionId, 1, TestConnections.Of(++_nonce), 10_000));

    internal SessionWish Begin(SessionWish wish)
    {
        Do(life => life.Begin(wish));
        return wish;
    }

    internal SessionKey Grant(SessionWish wish)
    {
        GrantedSession granted = new()
        {
            Key = new SessionKey(wish.Former?.SessionId ?? 0xABC, ++_epoch, wish.Nonce),
            MasterEpoch = 5,
            TermMs = TermMs,
            RenewalIntervalMs = 1000,
            RenewalPhaseMs = 300,
        };
        Do(life => life.Granted(wish, granted, NowNs, NowNs));
        return granted.Key;
    }

    /// <summary>A session whose create has ended well.</summary>
    internal SessionKey Hold()
    {
        SessionKey key = Grant(Wish());
        RunAll();
        Seen.Clear();
        return key;
    }

    internal LifeCallback Take(LifeCallbackKind expected)
    {
        LifeCallback? next = Do(life => life.TakeCallback());
        Assert.Equal(expected, next?.Kind);
        return next!;
    }

    internal LifeCallback? Return(LifeCallback callback, HostAnswer answer = default) =>
        Do(life => life.Returned(callback, answer, NowNs));

    /// <summary>The host hears all that waits; says what.</summary>
    internal List<LifeCallback> RunAll(Func<LifeCallback, HostAnswer>? host = null)
    {
        List<LifeCallback> heard = [];
        while (Do(life => life.TakeCallback()) is { } next)
        {
            for (LifeCallback? callback = next; callback != null;)
            {
                heard.Add(callback);
                callback = Return(callback, host?.Invoke(callback) ?? HostAnswer.Returned);
            }
        }

        return heard;
    }

    /// <summary>A master says how the session ended.</summary>
    internal void HearEnd(SessionStatus status)
    {
        SessionKey key = Life.Held!.Value;
        Do(life => life.Answered(new RenewalAnswer(key, 5, status, 0), NowNs));
        Turn();
    }

    internal PendingRenewal? Turn(long afterMs = 0)
    {
        NowNs += afterMs * Ms;
        return Do(life => life.Turn(NowNs));
    }

    /// <summary>Time passes in which the loop runs whenever it has something to do.</summary>
    internal void Pass(long ms)
    {
        for (long endNs = NowNs + (ms * Ms); NowNs < endNs;)
        {
            NowNs = Math.Min(endNs, Math.Max(NowNs + Ms, Life.NextWakeNs));
            Turn();
        }
    }

    internal IEnumerable<T> All<T>() => Seen.OfType<T>();

    internal void AssertRefuses() => Assert.Equal(0, Life.WordDeadlineNs);

    internal static string[] Kinds(IEnumerable<LifeCallback> heard) => [.. heard.Select(callback => callback.Kind.ToString())];
}
