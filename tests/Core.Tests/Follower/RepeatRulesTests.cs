using System;
using System.Linq;
using CsCheck;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>What may be done again, and when: the whole table.</summary>
public sealed class RepeatRulesTests
{
    private const long AMinuteMs = 60_000;

    private static readonly SessionStatus[] _statuses =
        [.. Enum.GetValues<SessionStatus>().Where(status => status != SessionStatus.Ok)];

    public static TheoryData<CallKind, SessionStatus, bool, RepeatWay> Table
    {
        get
        {
            TheoryData<CallKind, SessionStatus, bool, RepeatWay> rows = [];
            foreach (CallKind kind in Enum.GetValues<CallKind>())
            {
                foreach (SessionStatus status in _statuses)
                {
                    rows.Add(kind, status, false, Expected(kind, status, mayBeDone: false));
                    rows.Add(kind, status, true, Expected(kind, status, mayBeDone: true));
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_kind_of_call_is_repeated_where_a_copy_does_no_harm(
        CallKind kind, SessionStatus status, bool mayBeDone, RepeatWay expected)
    {
        Repeat repeat = After(kind, status, mayBeDone);

        Assert.Equal(expected, repeat.Way);
        Assert.NotEmpty(repeat.Reason);
    }

    [Theory]
    [InlineData(CallKind.Repeatable)]
    [InlineData(CallKind.NumberedWrite)]
    [InlineData(CallKind.Create)]
    [InlineData(CallKind.Once)]
    public void Without_the_time_for_another_attempt_the_caller_is_told(CallKind kind)
    {
        Assert.Equal(RepeatWay.Elsewhere, After(kind, SessionStatus.NotLeader, leftMs: Limits.RetryPauseMs + 1).Way);
        Assert.Equal(RepeatWay.GiveUp, After(kind, SessionStatus.NotLeader, leftMs: Limits.RetryPauseMs).Way);
        Assert.Equal(RepeatWay.GiveUp, After(kind, SessionStatus.NotLeader, leftMs: -5).Way);
    }

    [Fact]
    public void A_renewal_is_never_given_up()
    {
        Assert.All(_statuses, status => Assert.Equal(
            RepeatWay.Elsewhere, After(CallKind.Renewal, status, mayBeDone: true, leftMs: -5).Way));
    }

    [Fact]
    public void A_pause_leaves_time_for_the_last_attempt() =>
        Gen.Select(Gen.Long[51, 2000], Gen.UInt[0, 100_000], Gen.Double[0, 1]).Sample((leftMs, retryAfterMs, random) =>
        {
            Repeat repeat = After(
                CallKind.Create, SessionStatus.IdentityInUse, retryAfterMs: retryAfterMs, leftMs: leftMs, random: random);
            return repeat.Way == RepeatWay.Here && repeat.PauseMs <= leftMs - Limits.RetryPauseMs;
        });

    [Theory]
    [InlineData(20_000, 1000)]
    [InlineData(1000, 1000)]
    [InlineData(400, 400)]
    [InlineData(1, 50)]
    public void A_taken_identity_is_asked_for_when_it_may_be_free_and_each_second(uint toldMs, uint earliestMs)
    {
        Assert.Equal(earliestMs, InUse(toldMs, 0).PauseMs);
        Assert.Equal(earliestMs * 5 / 4, InUse(toldMs, 1).PauseMs);

        static Repeat InUse(uint toldMs, double random) =>
            After(CallKind.Create, SessionStatus.IdentityInUse, retryAfterMs: toldMs, random: random);
    }

    [Theory]
    [InlineData(CallKind.Once)]
    [InlineData(CallKind.Create)]
    [InlineData(CallKind.NumberedWrite)]
    public void A_master_that_has_too_much_to_do_is_asked_again_when_it_said(CallKind kind) =>
        Assert.Equal((RepeatWay.Here, 200u), After(kind, SessionStatus.Overloaded, retryAfterMs: 200, random: 0) is var repeat
            ? (repeat.Way, repeat.PauseMs) : default);

    [Fact]
    public void A_taken_identity_without_a_word_of_when_is_asked_for_twice_a_second() =>
        Assert.Equal(Limits.MaxRetryPauseMs, After(CallKind.Create, SessionStatus.IdentityInUse).PauseMs);

    [Theory]
    [InlineData(NextMaster.Hinted, 16_000, 0)]
    [InlineData(NextMaster.Untried, 16_000, 50)]
    [InlineData(NextMaster.AllTried, 60_000, 500)]
    [InlineData(NextMaster.AllTried, 16_000, 500)]
    [InlineData(NextMaster.AllTried, 8000, 250)]
    [InlineData(NextMaster.AllTried, 1600, 50)]
    [InlineData(NextMaster.AllTried, 100, 50)]
    [InlineData(NextMaster.AllTried, 0, 500)]
    [InlineData(NextMaster.AllTried, -1, 500)]
    public void Renewals_are_paced_by_what_is_left_of_the_lease(NextMaster next, long leftMs, uint meanMs)
    {
        Assert.Equal(meanMs, Renewal(0.5));
        Assert.Equal(meanMs / 2, Renewal(0));
        Assert.Equal(meanMs * 3 / 2, Renewal(1));

        uint Renewal(double random) => RepeatRules.After(
            new FailedAttempt(CallKind.Renewal, SessionStatus.NotLeader, false, 0, next, leftMs), random).PauseMs;
    }

    [Theory]
    [InlineData(SessionStatus.NotLeader)]
    [InlineData(SessionStatus.Overloaded)]
    [InlineData(SessionStatus.OutOfResources)]
    [InlineData(SessionStatus.Unsupported)]
    [InlineData(SessionStatus.StoreFull)]
    [InlineData(SessionStatus.StoreReadOnly)]
    [InlineData(SessionStatus.StoreLocked)]
    [InlineData(SessionStatus.StoreFailed)]
    [InlineData(SessionStatus.TooLong)]
    [InlineData(SessionStatus.ReportRefused)]
    [InlineData(SessionStatus.Internal)]
    [InlineData(SessionStatus.TimedOut)]
    public void A_change_that_may_have_been_made_is_not_told_to_be_refused(SessionStatus last)
    {
        Assert.Equal(SessionStatus.TimedOut, RepeatRules.ToldOf(CallKind.NumberedWrite, last));
        Assert.Equal(SessionStatus.TimedOut, RepeatRules.ToldOf(CallKind.Once, last));
        Assert.Equal(last, RepeatRules.ToldOf(CallKind.Repeatable, last));
    }

    [Theory]
    [InlineData(SessionStatus.RevisionMismatch, true)]
    [InlineData(SessionStatus.ItemNotFound, true)]
    [InlineData(SessionStatus.TooManyItems, true)]
    [InlineData(SessionStatus.ItemTooLarge, true)]
    [InlineData(SessionStatus.ReservedKey, true)]
    [InlineData(SessionStatus.InvalidArgument, true)]
    [InlineData(SessionStatus.NoMaster, false)]
    [InlineData(SessionStatus.SessionExpired, false)]
    [InlineData(SessionStatus.UnknownSession, false)]
    [InlineData(SessionStatus.WrongNonce, false)]
    public void What_a_master_says_to_every_copy_of_a_write_and_the_end_of_its_session_are_told(SessionStatus last, bool isOfTheWrite)
    {
        Assert.Equal(last, RepeatRules.ToldOf(CallKind.NumberedWrite, last));
        Assert.Equal(isOfTheWrite ? SessionStatus.TimedOut : last, RepeatRules.ToldOf(CallKind.Once, last));
    }

    [Theory]
    [InlineData(SessionStatus.TimedOut)]
    [InlineData(SessionStatus.NoMaster)]
    public void The_same_master_is_not_asked_again_without_a_pause(SessionStatus status) =>
        Assert.Equal(250u, RepeatRules.After(
            new FailedAttempt(CallKind.NumberedWrite, status, true, 0, NextMaster.Same, 8000), 0.5).PauseMs);

    [Fact]
    public void An_unattended_create_is_tried_less_and_less_often()
    {
        Assert.Equal(
            [500, 1000, 2000, 4000, 8000, 8000],
            Enumerable.Range(1, 6).Select(failures => (int)RepeatRules.RecreatePauseMs(failures, 0.5)));
        Assert.Equal(4000u, RepeatRules.RecreatePauseMs(int.MaxValue, 0));
        Assert.Equal(12_000u, RepeatRules.RecreatePauseMs(int.MaxValue, 1));
    }

    /// <summary>Said once more, by the question "would a copy do harm, or be of no use?".</summary>
    private static RepeatWay Expected(CallKind kind, SessionStatus status, bool mayBeDone)
    {
        if (kind == CallKind.Renewal)
        {
            return RepeatWay.Elsewhere;
        }

        bool didNothing = status is SessionStatus.NotLeader or SessionStatus.Overloaded && !mayBeDone;
        bool isHarmless = didNothing || kind != CallKind.Once;
        return status switch
        {
            SessionStatus.NotLeader or SessionStatus.NoMaster when isHarmless => RepeatWay.Elsewhere,
            SessionStatus.TimedOut when isHarmless => mayBeDone ? RepeatWay.Elsewhere : RepeatWay.Here,
            SessionStatus.Overloaded when didNothing => RepeatWay.Here,
            SessionStatus.IdentityInUse when kind == CallKind.Create => RepeatWay.Here,
            SessionStatus.Unsupported when kind == CallKind.Create => RepeatWay.Elsewhere,
            _ => RepeatWay.GiveUp,
        };
    }

    private static Repeat After(
        CallKind kind, SessionStatus status, bool mayBeDone = false, uint retryAfterMs = 0, long leftMs = AMinuteMs,
        double random = 0.5) =>
        RepeatRules.After(new FailedAttempt(kind, status, mayBeDone, retryAfterMs, NextMaster.AllTried, leftMs), random);
}
