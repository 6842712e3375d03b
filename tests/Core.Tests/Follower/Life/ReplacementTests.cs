using System;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>For how long a lost session is to be replaced: until there is one, the host refuses it, or a newer process has it.</summary>
public sealed class ReplacementTests
{
    private readonly TestLife _test = new(RecreatePolicy.AfterLoss);

    private int Asks => _test.All<LifeEffect.Ask>().Count();

    [Theory]
    [InlineData(SessionStatus.Cancelled)]
    [InlineData(SessionStatus.RefusedByHost)]
    public void A_status_that_only_the_host_could_mean_ends_nothing_when_a_master_says_it(SessionStatus status)
    {
        Lose();
        FailOwn(status);
        _test.Pass(1000);
        Assert.Equal(1, Asks);
    }

    [Fact]
    public void What_the_host_has_refused_is_not_wished_for_again()
    {
        Lose();
        _test.Grant(_test.All<LifeEffect.Ask>().Single().Wish);
        _test.RunAll(callback => callback.Kind == LifeCallbackKind.Created ? HostAnswer.Of(Verdict.Refuse()) : default);
        AssertNoMoreIsAsked();
    }

    [Fact]
    public void A_newer_process_is_left_alone_also_when_it_came_during_the_callbacks_of_a_create()
    {
        Lose();
        _test.Grant(_test.All<LifeEffect.Ask>().Single().Wish);
        LifeCallback registered = _test.Return(_test.Take(LifeCallbackKind.Created))!;
        _test.HearEnd(SessionStatus.WrongNonce);
        _test.Return(registered);
        _test.RunAll();
        AssertNoMoreIsAsked();
    }

    [Theory]
    [InlineData(SessionStatus.WrongNonce)]
    [InlineData(SessionStatus.SessionClosed)]
    public void A_pause_of_an_earlier_loss_outlives_no_session_of_the_host(SessionStatus end)
    {
        Lose();
        FailOwn(SessionStatus.NoMaster);
        _test.Grant(_test.Wish());
        _test.RunAll();
        _test.HearEnd(end);
        _test.RunAll();
        AssertNoMoreIsAsked();
    }

    [Fact]
    public void A_create_of_the_host_that_fails_while_the_pause_ends_leaves_it_wanted()
    {
        Lose();
        FailOwn(SessionStatus.NoMaster);
        SessionWish hosts = _test.Wish();
        _test.Pass(1000);
        AssertAskedForAfterTheEndOf(hosts);
    }

    [Fact]
    public void A_create_of_the_host_within_SessionLost_that_fails_leaves_it_wanted()
    {
        _test.Hold();
        _test.HearEnd(SessionStatus.SessionExpired);
        LifeCallback lost = _test.Take(LifeCallbackKind.Lost);
        SessionWish hosts = _test.Wish();
        _test.Return(lost);
        AssertAskedForAfterTheEndOf(hosts);
    }

    [Fact]
    public void A_session_of_the_host_that_is_lost_during_its_callbacks_is_wanted_too()
    {
        _test.Grant(_test.Wish());
        LifeCallback registered = _test.Return(_test.Take(LifeCallbackKind.Created))!;
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.Return(registered);
        _test.Seen.Clear();
        Assert.Equal(["Lost", "Ended"], TestLife.Kinds(_test.RunAll()));
        _test.Pass(1000);
        Assert.Equal(1, Asks);
    }

    [Fact]
    public void A_re_attach_that_was_given_up_leaves_it_wanted_as_it_was()
    {
        Lose();
        FailOwn(SessionStatus.NoMaster);
        SessionWish former = _test.WishForFormer();
        _test.Do(life => life.GiveUp(former));
        _test.Grant(former);
        _test.Do(life => life.GivenBack(former));
        _test.RunAll();
        _test.Seen.Clear();
        _test.Pass(2000);
        Assert.Equal("cs1", _test.All<LifeEffect.Ask>().Single().Wish.Description!.Identity);
    }

    [Fact]
    public void What_is_wished_for_is_the_last_session_and_not_what_a_master_has_refused()
    {
        Lose();
        FailOwn(SessionStatus.NoMaster);
        SessionWish other = _test.Begin(
            new SessionWish(new ServerDescription { Identity = "cs1", HostName = "refused" }, TestConnections.Of(77), 10_000));
        _test.Do(life => life.Failed(other, new SessionException(SessionStatus.Refused, "no"), _test.NowNs));
        _test.RunAll();
        _test.Seen.Clear();
        _test.Pass(1500);
        Assert.Equal("", _test.All<LifeEffect.Ask>().Single().Wish.Description!.HostName);
    }

    [Fact]
    public void A_wish_that_cannot_be_made_is_made_at_the_next_turn()
    {
        bool isBroken = false;
        ulong nonce = 0;
        SessionLife life = new(
            "cs1", new HolderBounds(100_000, 200), RecreatePolicy.AfterLoss,
            description => isBroken
                ? throw new SessionException(SessionStatus.OutOfResources, "no random numbers")
                : new SessionWish(description, TestConnections.Of(++nonce), 10_000),
            () => 0.5);
        SessionWish wish = new(new ServerDescription { Identity = "cs1" }, TestConnections.Of(++nonce), 10_000);
        life.Begin(wish);
        GrantedSession granted = new()
        {
            Key = new SessionKey(1, 7, wish.Nonce),
            MasterEpoch = 5,
            TermMs = 6000,
            RenewalIntervalMs = 1000,
            RenewalPhaseMs = 300,
        };
        life.Granted(wish, granted, 1, 1);
        for (LifeCallback? next = life.TakeCallback(); next != null;)
        {
            next = life.Returned(next, HostAnswer.Returned, 1) ?? life.TakeCallback();
        }

        life.Break();
        LifeCallback lost = life.TakeCallback()!;
        isBroken = true;
        Assert.Throws<SessionException>(() => life.Returned(lost, HostAnswer.Returned, 2));
        Assert.Throws<SessionException>(() => life.Turn(3));
        isBroken = false;
        life.TakeEffects();

        Assert.True(life.NextWakeNs <= 4);
        life.Turn(4);
        Assert.Single(life.TakeEffects().OfType<LifeEffect.Ask>());
    }

    [Fact]
    public void A_session_of_the_host_begins_the_row_of_pauses_anew()
    {
        Lose();
        foreach (long pauseMs in (long[])[500, 1000, 2000])
        {
            FailOwn(SessionStatus.NoMaster);
            _test.Turn(pauseMs);
        }

        FailOwn(SessionStatus.NoMaster);
        _test.Grant(_test.Wish());
        _test.RunAll();
        _test.Seen.Clear();
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.RunAll();
        FailOwn(SessionStatus.NoMaster);
        Assert.Equal(_test.NowNs + (500 * TestLife.Ms), _test.Life.NextWakeNs);
    }

    private void Lose()
    {
        _test.Hold();
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.RunAll();
    }

    private void FailOwn(SessionStatus status)
    {
        SessionWish wish = _test.All<LifeEffect.Ask>().Last().Wish;
        _test.Seen.Clear();
        _test.Do(life => life.Failed(wish, new SessionException(status, "no"), _test.NowNs));
        _test.RunAll();
    }

    private void AssertAskedForAfterTheEndOf(SessionWish hosts)
    {
        _test.Do(life => life.Failed(hosts, new SessionException(SessionStatus.TimedOut, "no"), _test.NowNs));
        _test.RunAll();
        _test.Seen.Clear();
        _test.Pass(2000);
        Assert.True(_test.All<LifeEffect.Ask>().Single().Wish.IsOwn);
    }

    private void AssertNoMoreIsAsked()
    {
        _test.Seen.Clear();
        _test.Pass(20_000);
        Assert.Equal(0, Asks);
    }
}
