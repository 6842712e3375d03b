using Interop.Sessions.Follower;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>The attempts to get one session.</summary>
public sealed class SessionAskTests
{
    private const long Ms = 1_000_000;
    private const long StartNs = 1_000_000 * Ms;

    private static readonly HolderBounds s_bounds = new(ClockRateBoundPpm: 100_000, EffectDelayMs: 200);

    private readonly SessionAsk _ask = new(new SessionWish(new ServerDescription(), TestConnections.Of(1), timeoutMs: 10_000), s_bounds, StartNs);

    [Fact]
    public void An_answer_that_took_longer_than_the_lease_is_an_attempt_whose_outcome_nobody_knows()
    {
        // 6000 ms * 9 / 11 - 200 ms.
        const long UsableMs = 4709;
        Assert.Null(_ask.Judge(Granted(), StartNs, StartNs + ((UsableMs - 1) * Ms)));
        SessionException tooLate = _ask.Judge(Granted(), StartNs, StartNs + ((UsableMs + 1) * Ms))!;
        Assert.Equal((SessionStatus.TimedOut, true), (tooLate.Status, tooLate.IsOutcomeUnknown));
        Assert.Equal(RepeatWay.Elsewhere, Failed(tooLate).Way);
        Assert.True(_ask.MayBeDone);
    }

    [Fact]
    public void How_long_a_lease_is_goes_by_the_larger_rho_of_both_sides()
    {
        // 6000 ms * 8 / 12 - 200 ms.
        const long UsableMs = 3800;
        GrantedSession granted = Granted() with { ClockRateBoundPpm = 200_000 };
        Assert.Null(_ask.Judge(granted, StartNs, StartNs + ((UsableMs - 1) * Ms)));
        Assert.NotNull(_ask.Judge(granted, StartNs, StartNs + ((UsableMs + 1) * Ms)));
    }

    private static GrantedSession Granted() => new()
    {
        Key = new SessionKey(1, 2, 1),
        MasterEpoch = 1,
        TermMs = 6000,
        RenewalIntervalMs = 1000,
        RenewalPhaseMs = 0,
    };

    [Fact]
    public void An_attempt_ends_with_its_own_time_or_with_the_time_out()
    {
        Assert.Equal(StartNs + (Limits.CreateAttemptMs * Ms), _ask.AttemptEndNs(StartNs));
        Assert.Equal(StartNs + (10_000 * Ms), _ask.AttemptEndNs(StartNs + (9_000 * Ms)));
    }

    [Fact]
    public void A_master_that_waits_for_something_itself_is_asked_again_and_no_other()
    {
        Assert.Equal(RepeatWay.Here, Failed(new SessionException(SessionStatus.IdentityInUse, "taken") { RetryAfterMs = 400 }).Way);
        Assert.Equal("m1", _ask.StayAt);
        Assert.Equal(RepeatWay.Elsewhere, Failed(new SessionException(SessionStatus.NotLeader, "another")).Way);
        Assert.Null(_ask.StayAt);
    }

    [Fact]
    public void What_a_master_answers_is_the_end_and_is_open_if_an_earlier_attempt_was_not_answered()
    {
        SessionException refused = new(SessionStatus.Refused, "no");
        Failed(refused);
        Assert.Same(refused, _ask.End);

        SessionAsk open = new(new SessionWish(new ServerDescription(), TestConnections.Of(1), timeoutMs: 10_000), s_bounds, StartNs);
        Failed(new SessionException(SessionStatus.TimedOut, "no answer") { IsOutcomeUnknown = true }, open);
        Failed(refused, open);
        Assert.Equal((SessionStatus.Refused, true), (open.End!.Status, open.End.IsOutcomeUnknown));
    }

    [Theory]
    [InlineData(false, SessionStatus.NoMaster)]
    [InlineData(true, SessionStatus.TimedOut)]
    public void At_the_time_out_nobody_was_there_or_nobody_answered(bool wasReached, SessionStatus told)
    {
        if (wasReached)
        {
            Failed(new SessionException(SessionStatus.NotLeader, "another"));
        }

        Repeat repeat = _ask.Failed(
            new SessionException(SessionStatus.NoMaster, "nobody listens"), "m1", NextMaster.Same, StartNs + (10_000 * Ms), 0.5);

        Assert.Equal(RepeatWay.GiveUp, repeat.Way);
        Assert.Equal(told, _ask.End!.Status);
        Assert.StartsWith("no session within 10000 ms: ", _ask.End.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_attempt_that_the_time_out_cuts_short_tells_what_was_heard_before()
    {
        SessionException heard = new(SessionStatus.IdentityInUse, "taken until then");
        Failed(heard);
        Assert.True(_ask.IsCutShort(heard));

        Failed(heard);

        Assert.Equal((SessionStatus.IdentityInUse, true), (_ask.End!.Status, _ask.End.IsOutcomeUnknown));
    }

    [Fact]
    public void Who_does_not_know_a_create_is_no_master() =>
        Assert.Equal(SessionStatus.NoMaster, SessionAsk.SeenAs(new SessionException(SessionStatus.Unsupported, "what?")).Status);

    private Repeat Failed(SessionException failure, SessionAsk? ask = null) =>
        (ask ?? _ask).Failed(failure, "m1", NextMaster.Same, StartNs + (100 * Ms), 0.5);
}
