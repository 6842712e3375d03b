using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>A close ends in every state: the data path refuses at once, the host stops, then the master hears of it.</summary>
public sealed class CloseTests
{
    private readonly TestLife _test = new(RecreatePolicy.AfterLoss);

    public static TheoryData<string> States =>
        ["none", "asking", "created", "registered", "alive", "suspect", "jeopardy", "losing", "lost", "again", "pausing"];

    [Theory]
    [MemberData(nameof(States))]
    public void A_close_ends_in_every_state_and_tells_the_master_only_of_what_it_held_after_the_host_has_stopped(string state)
    {
        LifeCallback? running = Reach(state);
        SessionKey? held = _test.Life.Held;

        Assert.True(_test.Do(life => life.BeginClose()));

        _test.AssertRefuses();
        Assert.False(_test.Do(life => life.BeginClose()));
        List<CloseStep> steps = Steps();
        EndWhatWaits(running, steps);
        CloseStep[] expected = held == null
            ? [CloseStep.EndCalls, CloseStep.LetGo, CloseStep.Over]
            : [CloseStep.EndCalls, CloseStep.TellMaster, CloseStep.LetGo, CloseStep.Over];
        Assert.Equal(expected, steps);
        Assert.Equal(held, _test.Life.ToClose?.Key);
        Assert.Null(_test.Life.TakeCallback());
        _test.Seen.Clear();
        _test.Pass(30_000);
        Assert.Empty(_test.Seen);
    }

    [Fact]
    public void A_close_waits_for_a_callback_that_runs_and_for_all_that_wait()
    {
        _test.Hold();
        _test.Do(life => life.BeginClose());
        Assert.Equal(CloseStep.EndCalls, _test.Life.NextOfClose());
        Assert.Equal(CloseStep.Wait, _test.Life.NextOfClose());
        LifeCallback lost = _test.Take(LifeCallbackKind.Lost);
        Assert.Equal(SessionEndReason.Closed, lost.Info.EndReason);
        Assert.Equal(CloseStep.Wait, _test.Life.NextOfClose());
        _test.Return(lost);
        Assert.Equal(CloseStep.TellMaster, _test.Life.NextOfClose());
        Assert.Equal(_test.NowNs + (TestLife.EffectDelayMs * TestLife.Ms), _test.Life.ToClose!.Value.EffectsOverNs);
    }

    [Fact]
    public void A_close_waits_for_the_completions_of_calls()
    {
        SessionKey key = _test.Hold();
        _test.Life.Expect(key.Epoch);
        _test.Life.Expect(key.Epoch);
        _test.Do(life => life.BeginClose());
        Assert.Equal(CloseStep.EndCalls, _test.Life.NextOfClose());
        _test.RunAll();
        _test.Life.CompletionReturned();
        Assert.Equal(CloseStep.Wait, _test.Life.NextOfClose());
        _test.Life.CompletionReturned();
        Assert.Equal(CloseStep.TellMaster, _test.Life.NextOfClose());
    }

    [Fact]
    public void Calls_whose_completions_wait_are_bounded_until_each_has_given_its_place_back()
    {
        SessionKey key = _test.Hold();
        for (int i = 0; i < Limits.MaxForwardsInProgress; i++)
        {
            _test.Life.Expect(key.Epoch);
        }

        Assert.Equal(
            SessionStatus.TooManyObjects, Assert.Throws<SessionException>(() => _test.Life.Expect(key.Epoch)).Status);
        _test.Life.GivePlaceBack();
        _test.Life.Expect(key.Epoch);
    }

    [Fact]
    public void From_a_close_on_everything_is_refused()
    {
        SessionKey key = _test.Hold();
        _test.Do(life => life.BeginClose());
        Action[] calls =
        [
            () => _test.Wish(),
            () => _test.Life.Require(key.Epoch),
            () => _test.Life.Expect(key.Epoch),
            () => _test.Life.AwaitLease(),
            () => _test.Life.ReportHealth(0, _test.NowNs),
        ];
        Assert.All(calls, call => Assert.Equal(SessionStatus.Cancelled, Assert.Throws<SessionException>(call).Status));
        Assert.False(_test.Life.WatchLease(key.Epoch));
    }

    private LifeCallback? Reach(string state)
    {
        switch (state)
        {
            case "none":
                return null;
            case "asking":
                _test.Wish();
                return null;
            case "created":
                _test.Grant(_test.Wish());
                return _test.Take(LifeCallbackKind.Created);
            case "registered":
                _test.Grant(_test.Wish());
                return _test.Return(_test.Take(LifeCallbackKind.Created));
            default:
                _test.Hold();
                return ReachFromHeld(state);
        }
    }

    private LifeCallback? ReachFromHeld(string state)
    {
        switch (state)
        {
            case "suspect":
                _test.Pass(3100);
                Assert.Equal(SessionState.Suspect, _test.Life.State);
                return null;
            case "jeopardy":
                _test.Pass(5500);
                Assert.Equal(SessionState.Jeopardy, _test.Life.State);
                return null;
            case "losing":
                _test.HearEnd(SessionStatus.SessionExpired);
                return _test.Take(LifeCallbackKind.Lost);
            case "lost":
                _test.HearEnd(SessionStatus.WrongNonce);
                _test.RunAll();
                return null;
            case "again" or "pausing":
                _test.HearEnd(SessionStatus.SessionExpired);
                _test.RunAll();
                if (state == "pausing")
                {
                    SessionWish own = _test.All<LifeEffect.Ask>().Single().Wish;
                    _test.Do(life => life.Failed(own, new SessionException(SessionStatus.NoMaster, "no"), _test.NowNs));
                    _test.RunAll();
                }

                return null;
            default:
                return null;
        }
    }

    private void EndWhatWaits(LifeCallback? running, List<CloseStep> steps)
    {
        while (running != null)
        {
            running = _test.Return(running);
            steps.AddRange(Steps());
        }

        foreach (LifeEffect.StopAsking stop in _test.All<LifeEffect.StopAsking>().ToArray())
        {
            if (_test.Life.WordEpoch == 0 || stop.Wish.IsOwn)
            {
                _test.Do(life => life.Failed(stop.Wish, SessionException.CancelledCall(mayBeDone: false), _test.NowNs));
            }
        }

        steps.AddRange(Steps());
        while (_test.Do(life => life.TakeCallback()) is { } next)
        {
            for (LifeCallback? callback = next; callback != null; callback = _test.Return(callback))
            {
                Assert.Empty(Steps());
            }
        }

        steps.AddRange(Steps());
    }

    /// <summary>All that can be done now.</summary>
    private List<CloseStep> Steps()
    {
        List<CloseStep> steps = [];
        while (_test.Life.NextOfClose() is not CloseStep.Wait and var step)
        {
            if (step == CloseStep.Over && _isOver)
            {
                break;
            }

            steps.Add(step);
            _isOver = step == CloseStep.Over;
            if (_isOver)
            {
                break;
            }
        }

        return steps;
    }

    private bool _isOver;
}
