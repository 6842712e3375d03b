using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>The attempts of one call.</summary>
public sealed class CallAskTests
{
    private const long Ms = 1_000_000;
    private const long StartNs = 1_000_000 * Ms;

    private static readonly SessionException s_silence = new(SessionStatus.NoMaster, "the connection broke") { IsOutcomeUnknown = true };

    [Fact]
    public void A_master_that_waits_for_something_itself_is_asked_again_and_no_other()
    {
        CallAsk ask = NewAsk(CallKind.NumberedWrite);

        Assert.Equal(RepeatWay.Here, Failed(ask, new SessionException(SessionStatus.Overloaded, "later") { RetryAfterMs = 400 }).Way);
        Assert.Equal("m1", ask.StayAt);
        Assert.Equal(RepeatWay.Elsewhere, Failed(ask, new SessionException(SessionStatus.NotLeader, "another")).Way);
        Assert.Null(ask.StayAt);
        Assert.Null(ask.End);
    }

    [Fact]
    public void What_a_master_answers_is_told_as_it_is()
    {
        CallAsk ask = NewAsk(CallKind.NumberedWrite);
        SessionException mismatch = new(SessionStatus.RevisionMismatch, "it has 3");

        Failed(ask, new SessionException(SessionStatus.NotLeader, "another"));
        Failed(ask, mismatch);

        Assert.Same(mismatch, ask.End);
        Assert.False(ask.MayBeDone);
    }

    [Theory]
    [InlineData(CallKind.NumberedWrite, SessionStatus.NotLeader, SessionStatus.TimedOut)]
    [InlineData(CallKind.NumberedWrite, SessionStatus.StoreFailed, SessionStatus.TimedOut)]
    [InlineData(CallKind.NumberedWrite, SessionStatus.RevisionMismatch, SessionStatus.RevisionMismatch)]
    [InlineData(CallKind.NumberedWrite, SessionStatus.SessionExpired, SessionStatus.SessionExpired)]
    [InlineData(CallKind.Repeatable, SessionStatus.NotLeader, SessionStatus.NotLeader)]
    public void After_an_attempt_that_nobody_answered_the_end_leaves_open_whether_it_was_done(
        CallKind kind, SessionStatus last, SessionStatus told)
    {
        CallAsk ask = NewAsk(kind);

        Failed(ask, s_silence);
        Assert.True(ask.MayBeDone);
        ask.Failed(new SessionException(last, "no"), "m1", NextMaster.Same, StartNs + (10_000 * Ms), 0.5);

        Assert.Equal((told, true), (ask.End!.Status, ask.End.IsOutcomeUnknown));
    }

    [Fact]
    public void A_change_without_a_number_is_not_made_again_once_it_may_have_been_done()
    {
        CallAsk ask = NewAsk(CallKind.Once);

        Assert.Equal(RepeatWay.GiveUp, Failed(ask, s_silence).Way);
        Assert.Same(s_silence, ask.End);
    }

    [Fact]
    public void A_last_attempt_that_the_time_out_cuts_short_tells_what_was_heard_before_and_leaves_it_open()
    {
        CallAsk ask = NewAsk(CallKind.Repeatable);
        SessionException heard = new(SessionStatus.NotLeader, "another leads");
        Failed(ask, heard);

        Assert.True(ask.IsCutShort(heard));
        ask.Failed(heard, "m2", default, ask.DeadlineNs, 0.5);

        Assert.Equal((SessionStatus.NotLeader, "another leads", true), (ask.End!.Status, ask.End.Message, ask.End.IsOutcomeUnknown));
    }

    [Fact]
    public void The_time_out_counts_from_the_beginning_for_all_attempts_together()
    {
        CallAsk ask = NewAsk(CallKind.Repeatable);

        Assert.Equal(StartNs + (10_000 * Ms), ask.DeadlineNs);
        Assert.Equal(RepeatWay.Elsewhere, ask.Failed(s_silence, "m1", NextMaster.Untried, StartNs + (9_900 * Ms), 0.5).Way);
        Assert.Equal(RepeatWay.GiveUp, ask.Failed(s_silence, "m1", NextMaster.Untried, StartNs + (9_990 * Ms), 0.5).Way);
    }

    private static CallAsk NewAsk(CallKind kind) => new(kind, timeoutMs: 10_000, StartNs);

    private static Repeat Failed(CallAsk ask, SessionException failure) =>
        ask.Failed(failure, "m1", NextMaster.Untried, StartNs + Ms, 0.5);
}
