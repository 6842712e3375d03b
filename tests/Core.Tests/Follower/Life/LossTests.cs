using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>A loss: the word refuses, the host hears of it once, and only then anything follows.</summary>
public sealed class LossTests
{
    private const long EffectsNs = TestLife.EffectDelayMs * TestLife.Ms;

    private readonly TestLife _test = new();

    [Fact]
    public void The_word_refuses_before_SessionLost_is_run()
    {
        SessionKey key = _test.Hold();
        Assert.NotEqual(0, _test.Life.WordDeadlineNs);

        _test.HearEnd(SessionStatus.SessionExpired);

        _test.AssertRefuses();
        Assert.Equal(key.Epoch, _test.Take(LifeCallbackKind.Lost).Info.Epoch);
    }

    [Fact]
    public void Callbacks_run_one_at_a_time()
    {
        _test.Grant(_test.Wish());
        LifeCallback created = _test.Take(LifeCallbackKind.Created);
        _test.HearEnd(SessionStatus.SessionExpired);

        Assert.Null(_test.Life.TakeCallback());
        LifeCallback registered = _test.Return(created)!;
        Assert.Null(_test.Life.TakeCallback());
        _test.Return(registered);
        Assert.NotNull(_test.Life.TakeCallback());
    }

    [Fact]
    public void A_loss_is_told_before_the_next_session_although_that_is_granted_while_SessionLost_runs()
    {
        SessionKey first = _test.Hold();
        _test.HearEnd(SessionStatus.SessionExpired);
        LifeCallback lost = _test.Take(LifeCallbackKind.Lost);
        SessionKey second = _test.Grant(_test.Wish());

        Assert.Null(_test.Life.TakeCallback());
        Assert.Null(_test.Return(lost));

        LifeCallback created = _test.Take(LifeCallbackKind.Created);
        Assert.Equal((first.Epoch, second.Epoch), (lost.Info.Epoch, created.Info.Epoch));
    }

    [Fact]
    public void States_are_told_in_order_and_none_after_the_loss()
    {
        _test.Hold();
        _test.Pass(5500);
        Assert.Equal(SessionState.Jeopardy, _test.Life.State);
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.Pass(10_000);

        List<LifeCallback> heard = _test.RunAll();

        Assert.Equal(
            [SessionState.Suspect, SessionState.Jeopardy, SessionState.Lost], heard.Select(callback => callback.Info.State));
    }

    [Fact]
    public void Effects_are_over_δ_after_the_word_was_seen_to_refuse()
    {
        SessionKey key = _test.Hold();
        _test.Life.Answered(new RenewalAnswer(key, 5, SessionStatus.SessionRevoked, 0), _test.NowNs);
        _test.Life.Turn(_test.NowNs);

        // The thread was away before it published the word.
        _test.NowNs += 3000 * TestLife.Ms;
        _test.Do(_ => { });
        _test.RunAll();

        Assert.Contains(new LifeNews.Abandoned(key.Nonce, _test.NowNs + EffectsNs), _test.Seen);
        Assert.Contains(new LifeEffect.GiveBack(key, _test.NowNs + EffectsNs), _test.Seen);
    }

    [Theory]
    [InlineData(SessionStatus.SessionExpired, false)]
    [InlineData(SessionStatus.UnknownSession, false)]
    [InlineData(SessionStatus.WrongNonce, false)]
    [InlineData(SessionStatus.SessionRevoked, true)]
    public void Only_a_revocation_is_acknowledged_and_only_after_SessionLost_has_returned(SessionStatus end, bool isGivenBack)
    {
        SessionKey key = _test.Hold();
        _test.HearEnd(end);
        LifeCallback lost = _test.Take(LifeCallbackKind.Lost);
        Assert.Empty(_test.All<LifeEffect>());
        Assert.Empty(_test.All<LifeNews.Abandoned>());

        _test.Return(lost);

        Assert.Equal(key.Nonce, _test.All<LifeNews.Abandoned>().Single().Nonce);
        Assert.Equal(isGivenBack, _test.All<LifeEffect.GiveBack>().Any());
    }

    [Fact]
    public void Something_that_nobody_expected_loses_the_session_once()
    {
        _test.Hold();
        _test.Do(life => life.Break());
        _test.Do(life => life.Break());

        _test.AssertRefuses();
        LifeCallback lost = _test.RunAll().Single();
        Assert.Equal((LifeCallbackKind.Lost, SessionEndReason.Unknown), (lost.Kind, lost.Info.EndReason));
    }

    [Fact]
    public void A_call_names_the_session_that_is_held_and_no_other()
    {
        Assert.Equal(SessionStatus.NoSession, StatusOf(7));
        SessionKey key = _test.Hold();
        Assert.Equal(key, _test.Life.Require(key.Epoch));
        Assert.Equal(SessionStatus.WrongEpoch, StatusOf(key.Epoch + 1));
        _test.HearEnd(SessionStatus.SessionExpired);
        Assert.Equal(SessionStatus.NoSession, StatusOf(key.Epoch));
        _test.Do(life => life.BeginClose());
        Assert.Equal(SessionStatus.Cancelled, StatusOf(key.Epoch));
    }

    private SessionStatus StatusOf(ulong epoch) => Assert.Throws<SessionException>(() => _test.Life.Require(epoch)).Status;
}
