using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>A create, from its beginning to the end that its host hears.</summary>
public sealed class CreateTests
{
    private readonly TestLife _test = new();

    [Fact]
    public void The_callbacks_of_a_create_are_one_turn_and_its_end_is_the_last()
    {
        SessionWish wish = _test.Wish();
        Assert.Same(wish, _test.All<LifeEffect.Ask>().Single().Wish);
        SessionKey key = _test.Grant(wish);

        List<LifeCallback> heard = _test.RunAll();

        Assert.Equal(["Created", "Registered", "State", "Ended"], TestLife.Kinds(heard));
        Assert.All(heard, callback => Assert.Equal(key.Epoch, callback.Info.Epoch));
        Assert.Equal(SessionState.Alive, heard[2].Info.State);
        Assert.Equal(SessionState.Alive, heard[3].Created!.State);
        Assert.Equal(1, _test.Rings);
    }

    [Fact]
    public void The_host_does_not_count_a_session_as_alive_while_its_callbacks_run_and_the_lease_is_valid()
    {
        SessionKey key = _test.Grant(_test.Wish());
        LifeCallback created = _test.Take(LifeCallbackKind.Created);

        Assert.Equal(SessionState.None, _test.Life.Info.State);
        Assert.Equal(key.Epoch, _test.Life.ValidEpoch);
        LifeCallback registered = _test.Return(created)!;
        Assert.Equal(SessionState.None, _test.Life.Info.State);
        _test.Return(registered);
        Assert.Equal(SessionState.Alive, _test.Life.Info.State);
    }

    [Fact]
    public void Another_wish_is_refused_while_one_is_in_progress_or_its_session_is_held()
    {
        SessionWish wish = _test.Wish();
        AssertExists();
        _test.Grant(wish);
        AssertExists();
        _test.RunAll();
        AssertExists();
        Assert.Single(_test.All<LifeEffect.Ask>());
    }

    [Fact]
    public void The_next_wish_may_begin_when_the_host_hears_of_the_end_of_one_and_not_before()
    {
        SessionWish wish = _test.Wish();
        _test.Do(life => life.Failed(wish, new SessionException(SessionStatus.Refused, "no"), _test.NowNs));
        AssertExists();

        LifeCallback ended = _test.Take(LifeCallbackKind.Ended);
        SessionWish next = _test.Wish();
        _test.Return(ended);

        Assert.Equal([wish, next], _test.All<LifeEffect.Ask>().Select(ask => ask.Wish));
        Assert.Equal(SessionStatus.Refused, ended.Failure!.Status);
        Assert.Null(ended.Created);
    }

    [Fact]
    public void What_was_given_out_stays_as_it_was_when_others_step()
    {
        IReadOnlyList<LifeEffect> none = _test.Life.TakeEffects();
        IReadOnlyList<LifeNews> noNews = _test.Life.TakeNews(_test.NowNs);
        SessionWish wish = new(new ServerDescription(), TestConnections.Of(1), timeoutMs: 100);
        _test.Life.Begin(wish);
        IReadOnlyList<LifeEffect> one = _test.Life.TakeEffects();
        _test.Life.GiveUp(wish);
        _test.Life.Failed(wish, new SessionException(SessionStatus.Cancelled, "cancelled"), _test.NowNs);

        Assert.Empty(none);
        Assert.Empty(noNews);
        Assert.Equal(new LifeEffect.Ask(wish), Assert.Single(one));
    }

    [Fact]
    public void What_a_failed_wish_may_have_made_is_named_before_the_host_hears_of_the_end()
    {
        SessionWish wish = _test.Wish();
        _test.Life.Failed(wish, new SessionException(SessionStatus.TimedOut, "no answer"), _test.NowNs);

        Assert.Equal(
            [new LifeNews.Abandoned(wish.Nonce, 0), LifeNews.CallbackWaits.One], _test.Life.TakeNews(_test.NowNs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_session_granted_to_a_wish_that_is_given_up_goes_back_before_the_host_hears_of_the_end(bool byClose)
    {
        SessionWish wish = _test.Wish();
        _test.Do(life =>
        {
            if (byClose)
            {
                life.BeginClose();
            }
            else
            {
                life.GiveUp(wish);
            }
        });
        Assert.Same(wish, _test.All<LifeEffect.StopAsking>().Single().Wish);

        SessionKey key = _test.Grant(wish);

        Assert.Null(_test.Life.Held);
        Assert.Contains(new LifeNews.Abandoned(key.Nonce, 0), _test.Seen);
        Assert.Equal(key, _test.All<LifeEffect.ReturnUnheld>().Single().Key);
        Assert.Empty(_test.RunAll());
        _test.Do(life => life.GivenBack(wish));
        LifeCallback ended = _test.RunAll().Single();
        Assert.Equal((SessionStatus.Cancelled, true), (ended.Failure!.Status, ended.Failure.IsOutcomeUnknown));
    }

    [Fact]
    public void A_wish_given_up_too_late_changes_nothing()
    {
        SessionWish wish = _test.Wish();
        SessionKey key = _test.Grant(wish);
        _test.Do(life => life.GiveUp(wish));

        Assert.Equal(["Created", "Registered", "State", "Ended"], TestLife.Kinds(_test.RunAll()));
        Assert.Equal(key, _test.Life.Held);
    }

    [Fact]
    public void A_session_that_the_host_refuses_goes_back_after_its_loss_was_told_and_then_the_create_ends()
    {
        SessionKey key = _test.Grant(_test.Wish());

        _test.Return(_test.Take(LifeCallbackKind.Created), HostAnswer.Of(Verdict.Refuse()));

        _test.AssertRefuses();
        Assert.Empty(_test.All<LifeEffect.GiveBack>());
        LifeCallback lost = _test.Take(LifeCallbackKind.Lost);
        Assert.Equal((key.Epoch, SessionEndReason.Closed), (lost.Info.Epoch, lost.Info.EndReason));
        Assert.Null(_test.Return(lost));
        Assert.Empty(_test.All<LifeEffect.GiveBack>());
        LifeCallback ended = _test.Take(LifeCallbackKind.Ended);
        Assert.Equal(SessionStatus.RefusedByHost, ended.Failure!.Status);
        Assert.Equal(
            new LifeEffect.GiveBack(key, _test.NowNs + (TestLife.EffectDelayMs * TestLife.Ms)), _test.All<LifeEffect.GiveBack>().Single());
    }

    [Fact]
    public void A_host_that_throws_refuses_and_by_its_own_status_says_why()
    {
        HostAnswer refusal = HostAnswer.Threw(
            LifeCallbackKind.Created, new SessionException(SessionStatus.RefusedByHost, "no disk"));
        HostAnswer defect = HostAnswer.Threw(LifeCallbackKind.Created, new InvalidOperationException("a defect"));

        Assert.Equal((true, "no disk", false), (refusal.IsRefusal, refusal.Reason, refusal.IsUnexpected));
        Assert.Equal((true, "", true), (defect.IsRefusal, defect.Reason, defect.IsUnexpected));
        _test.Grant(_test.Wish());
        LifeCallback ended = _test.RunAll(callback => callback.Kind == LifeCallbackKind.Created ? refusal : default)[^1];
        Assert.EndsWith("refused the session: no disk", ended.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LifeCallbackKind.Registered)]
    [InlineData(LifeCallbackKind.State)]
    [InlineData(LifeCallbackKind.Lost)]
    [InlineData(LifeCallbackKind.Ended)]
    public void Whatever_other_callbacks_throw_ends_nothing(LifeCallbackKind thrower)
    {
        _test.Grant(_test.Wish());
        HostAnswer thrown = HostAnswer.Threw(thrower, new SessionException(SessionStatus.RefusedByHost, "too late"));

        List<LifeCallback> heard = _test.RunAll(callback => callback.Kind == thrower ? thrown : default);

        Assert.True(thrown.IsUnexpected);
        Assert.Equal(["Created", "Registered", "State", "Ended"], TestLife.Kinds(heard));
        Assert.Equal(SessionState.Alive, _test.Life.State);
    }

    [Theory]
    [InlineData(SessionStatus.SessionExpired, SessionStatus.SessionExpired)]
    [InlineData(SessionStatus.SessionRevoked, SessionStatus.SessionRevoked)]
    [InlineData(SessionStatus.SessionClosed, SessionStatus.Cancelled)]
    [InlineData(SessionStatus.WrongNonce, SessionStatus.WrongNonce)]
    [InlineData(SessionStatus.UnknownSession, SessionStatus.UnknownSession)]
    public void A_session_lost_while_its_callbacks_run_ends_the_create_after_the_loss_was_told(
        SessionStatus end, SessionStatus expected)
    {
        _test.Grant(_test.Wish());
        LifeCallback registered = _test.Return(_test.Take(LifeCallbackKind.Created))!;
        _test.HearEnd(end);
        _test.AssertRefuses();

        Assert.Null(_test.Return(registered));

        List<LifeCallback> heard = _test.RunAll();
        Assert.Equal(["Lost", "Ended"], TestLife.Kinds(heard));
        Assert.Equal(expected, heard[1].Failure!.Status);
    }

    private void AssertExists() =>
        Assert.Equal(SessionStatus.SessionExists, Assert.Throws<SessionException>(_test.Wish).Status);
}
