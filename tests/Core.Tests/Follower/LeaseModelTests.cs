using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>Whatever happens in whatever order, the lease is what the naive one says.</summary>
public sealed class LeaseModelTests
{
    private static readonly Gen<RenewalAnswer> _answers = Gen.Select(
        Gen.Frequency(
            (20, SessionStatus.Ok), (2, SessionStatus.NotLeader), (1, SessionStatus.SessionExpired),
            (1, SessionStatus.SessionRevoked), (1, SessionStatus.UnknownSession)),
        Gen.Frequency((10, TestLease.Key), (1, TestLease.Key with { Nonce = 1 })),
        Gen.Frequency((10, 0L), (4, -1L), (1, 1L), (1, 2L), (1, long.MaxValue)),
        Gen.Frequency((6, TestLease.TermMs), (3, 3000u), (1, 0u)),
        (status, key, epochs, termMs) => new RenewalAnswer(
            key, (ulong)((long)TestLease.MasterEpoch + epochs), status, termMs));

    private static readonly Gen<Event> _events = Gen.Select(
        Gen.Frequency((12, What.Tick), (8, What.Answer), (3, What.Pause), (1, What.End)),
        Gen.Long[0, 1200],
        Gen.Long[1000, 8000],
        Gen.Frequency((4, Gen.Long[0, 500]), (1, Gen.Long[0, 9000])),
        _answers,
        (what, stepMs, pauseMs, sentAgoMs, answer) =>
            new Event(what, what == What.Pause ? pauseMs : stepMs, sentAgoMs, answer));

    private enum What
    {
        Tick,
        Answer,
        Pause,
        End,
    }

    [Fact]
    public void Every_history_leads_where_the_naive_lease_says() =>
        Gen.Select(Gen.Long[0, 6000], _events.Array[0, 160]).Sample((grantTookMs, events) =>
        {
            TestLease test = new(grantTookMs);
            NaiveLease naive = new(test.GrantSentNs);
            List<SessionState> moves = [];
            SessionState last = test.Lease.State;
            foreach (Event happened in events)
            {
                Apply(test, naive, happened);
                moves.AddRange(test.TakeMoves());

                Assert.Equal(naive.State, test.Lease.State);
                Assert.Equal(naive.DeadlineNs, test.Lease.DeadlineNs);
                Assert.Equal(naive.EndReason, test.Lease.EndReason);
                Assert.Equal(test.Lease.State, moves.LastOrDefault(last));
            }

            Assert.True(moves.Count(state => state == SessionState.Lost) <= 1);
            Assert.DoesNotContain(SessionState.Lost, moves.SkipLast(1));
            Assert.All(moves.Zip(moves.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        }, iter: 4000);

    [Fact]
    public void A_loop_that_sleeps_until_the_next_wake_never_spins_and_never_misses_a_renewal() =>
        Gen.Select(Gen.Long[0, 3000], Gen.Long[0, 200].Array[1, 60], Gen.Bool.Array[60]).Sample(
            (grantTookMs, delaysMs, isAnswered) =>
            {
                TestLease test = new(grantTookMs);
                long lastSendNs = TestLease.StartNs;
                foreach ((long delayMs, bool isOk) in delaysMs.Zip(isAnswered))
                {
                    // A loop wakes a little late.
                    test.NowNs = test.Lease.NextWakeNs + (delayMs * TestLease.Ms);
                    test.Lease.Tick(test.NowNs);
                    if (test.Lease.State == SessionState.Lost)
                    {
                        return;
                    }

                    if (test.Lease.IsRenewalDue(test.NowNs))
                    {
                        test.Lease.BeginRenewal(test.NowNs);
                        Assert.InRange(test.NowNs - lastSendNs, 0, (TestLease.IntervalMs + 200) * TestLease.Ms);
                        lastSendNs = test.NowNs;
                        if (isOk)
                        {
                            test.Renew();
                        }
                    }

                    Assert.True(test.Lease.NextWakeNs > test.NowNs);
                    Assert.True(test.Lease.NextWakeNs <= test.NowNs + (TestLease.IntervalMs * TestLease.Ms));
                }
            });

    private static void Apply(TestLease test, NaiveLease naive, Event happened)
    {
        test.NowNs += happened.StepMs * TestLease.Ms;
        switch (happened.What)
        {
            case What.Answer:
                long sentNs = test.NowNs - (happened.SentAgoMs * TestLease.Ms);
                test.Lease.Accept(happened.Answer, sentNs, test.NowNs);
                naive.Accept(happened.Answer, sentNs, test.NowNs);
                break;
            case What.End when happened.SentAgoMs == 0:
                test.Lease.End(SessionEndReason.Closed);
                naive.End(SessionEndReason.Closed);
                break;
            default:
                test.Lease.Tick(test.NowNs);
                naive.Tick(test.NowNs);
                break;
        }
    }

    private sealed record Event(What What, long StepMs, long SentAgoMs, RenewalAnswer Answer);
}
