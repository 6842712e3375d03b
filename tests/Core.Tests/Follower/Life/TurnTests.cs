using System;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>Time, answers and renewals.</summary>
public sealed class TurnTests
{
    private readonly TestLife _test = new();

    [Fact]
    public void A_renewal_goes_out_at_its_time_with_the_word_of_the_host()
    {
        SessionKey key = _test.Hold();
        Assert.Null(_test.Turn(299));
        PendingRenewal? due = _test.Turn(1);
        Assert.Equal(
            new PendingRenewal(key, 1000, _test.NowNs, _test.Life.WordDeadlineNs) { Health = _test.Life.Health }, due);
        Assert.Equal(_test.NowNs + (1000 * TestLife.Ms), _test.Life.NextWakeNs);
    }

    [Fact]
    public void An_answer_is_taken_in_the_next_turn_which_first_sees_that_the_holder_was_away()
    {
        SessionKey key = _test.Hold();
        long askedNs = _test.NowNs;
        _test.NowNs += 3100 * TestLife.Ms;
        _test.Life.Answered(new RenewalAnswer(key, 5, SessionStatus.Ok, TestLife.TermMs), askedNs);
        Assert.Equal(0, _test.Life.NextWakeNs);

        _test.Turn();

        _test.AssertRefuses();
        JudgedAnswer judged = Assert.Single(_test.Life.Judged);
        Assert.Equal((askedNs, 1000u, 5ul, false), (judged.SentNs, judged.IntervalMs, judged.LeaderEpoch, judged.IsExtended));
        _test.Turn();
        Assert.Empty(_test.Life.Judged);
    }

    [Fact]
    public void An_answer_extends_the_lease()
    {
        SessionKey key = _test.Hold();
        long deadlineNs = _test.Life.WordDeadlineNs;
        _test.Turn(300);
        _test.Life.Answered(new RenewalAnswer(key, 5, SessionStatus.Ok, TestLife.TermMs), _test.NowNs);
        _test.Turn(5);
        Assert.True(Assert.Single(_test.Life.Judged).IsExtended);
        Assert.Equal(deadlineNs + (300 * TestLife.Ms), _test.Life.WordDeadlineNs);
    }

    [Fact]
    public void What_was_answered_to_a_former_connection_is_not_taken_for_the_next()
    {
        SessionKey key = _test.Hold();
        _test.HearEnd(SessionStatus.UnknownSession);
        _test.RunAll();
        _test.Life.Answered(new RenewalAnswer(key, 5, SessionStatus.SessionExpired, 0), _test.NowNs);
        _test.Grant(_test.WishForFormer());
        _test.Turn();
        Assert.Empty(_test.Life.Judged);
        Assert.NotNull(_test.Life.Held);
    }

    [Theory]
    [InlineData(0u, 0L)]
    [InlineData(250u, 1_000_250_000_000L)]
    [InlineData(uint.MaxValue, long.MaxValue)]
    public void The_host_vouches_for_itself_until_then(uint forMs, long untilNs) =>
        Assert.Equal(untilNs, _test.Life.ReportHealth(forMs, _test.NowNs));

    [Fact]
    public void A_host_that_does_not_vouch_for_itself_renews_nothing_also_after_the_next_create()
    {
        _test.Hold();
        _test.Life.Health.UntilNs = _test.Life.ReportHealth(0, _test.NowNs);
        AssertLastWord(_test.Turn(300));
        Assert.Null(_test.Turn(1000));
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.RunAll();
        _test.Grant(_test.Wish());
        AssertLastWord(_test.Turn(300));
        Assert.Null(_test.Turn(1000));
    }

    private static void AssertLastWord(PendingRenewal? due)
    {
        Assert.NotNull(due);
        Assert.True(due.Value.IsInquiry && due.Value.IsGateClosed);
    }

    [Fact]
    public void Turns_that_renew_allocate_nothing()
    {
        SessionKey key = _test.Hold();
        for (int i = 0; i < 100; i++)
        {
            Renew(key);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        int renewals = 0;
        for (int i = 0; i < 1000; i++)
        {
            renewals += Renew(key) ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(renewals > 400, $"{renewals}");
        Assert.DoesNotContain(_test.Seen, seen => seen is LifeNews.Moved);
    }

    private bool Renew(SessionKey key)
    {
        _test.NowNs += 500 * TestLife.Ms;
        PendingRenewal? due = _test.Life.Turn(_test.NowNs);
        if (due != null)
        {
            _test.Life.Answered(new RenewalAnswer(key, 5, SessionStatus.Ok, TestLife.TermMs), _test.NowNs);
        }

        return due != null && !_test.Life.HasNews && _test.Life.TakeEffects().Count == 0;
    }
}
