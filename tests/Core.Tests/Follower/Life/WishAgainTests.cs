using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>Automatic re-creation: only if the host wants it, after SessionLost, until it succeeds, is refused, or all is closed.</summary>
public sealed class WishAgainTests
{
    private readonly TestLife _test = new(RecreatePolicy.AfterLoss);

    private int Asks => _test.All<LifeEffect.Ask>().Count();

    [Fact]
    public void A_lost_session_is_wished_for_again_as_it_was_once_SessionLost_has_returned()
    {
        _test.Hold();
        _test.HearEnd(SessionStatus.SessionExpired);
        LifeCallback lost = _test.Take(LifeCallbackKind.Lost);
        Assert.Equal(0, Asks);

        _test.Return(lost);

        SessionWish again = _test.All<LifeEffect.Ask>().Single().Wish;
        Assert.True(again.IsOwn);
        Assert.Equal("cs1", again.Description!.Identity);
        Assert.Equal(again.Nonce, _test.Grant(again).Nonce);
        Assert.Equal(["Created", "Registered", "State", "Ended"], TestLife.Kinds(_test.RunAll()));
    }

    [Fact]
    public void No_session_is_wished_for_again_that_the_host_did_not_leave_to_the_follower()
    {
        TestLife never = new();
        never.Hold();
        never.HearEnd(SessionStatus.SessionExpired);
        never.RunAll();
        never.Pass(20_000);
        Assert.Empty(never.All<LifeEffect.Ask>());
    }

    [Theory]
    [InlineData(SessionStatus.WrongNonce)]
    [InlineData(SessionStatus.SessionClosed)]
    public void Nobody_takes_the_place_of_a_newer_process_or_of_a_session_that_was_closed(SessionStatus end)
    {
        _test.Hold();
        _test.HearEnd(end);
        _test.RunAll();
        _test.Pass(20_000);
        Assert.Equal(0, Asks);
    }

    [Fact]
    public void A_session_that_was_taken_up_is_not_wished_for_again_since_nobody_knows_its_item()
    {
        _test.Hold();
        _test.HearEnd(SessionStatus.UnknownSession);
        LifeCallback lost = _test.Take(LifeCallbackKind.Lost);

        // The host is faster, by a re-attach.
        SessionWish former = _test.WishForFormer();
        _test.Return(lost);
        Assert.Equal(1, Asks);
        _test.Grant(former);
        _test.RunAll();
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.RunAll();
        _test.Pass(20_000);

        Assert.Equal(1, Asks);
    }

    [Fact]
    public void What_fails_is_tried_again_after_pauses_that_grow()
    {
        _test.Hold();
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.RunAll();
        foreach (long pauseMs in (long[])[500, 1000, 2000, 4000, 8000, 8000])
        {
            Fail(SessionStatus.NoMaster);
            Assert.Equal(_test.NowNs + (pauseMs * TestLife.Ms), _test.Life.NextWakeNs);
            _test.Turn(pauseMs - 1);
            Assert.Equal(0, Asks);
            _test.Turn(1);
            Assert.Equal(1, Asks);
        }

        // One that succeeds begins the row anew.
        _test.Grant(_test.All<LifeEffect.Ask>().Single().Wish);
        _test.RunAll();
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.RunAll();
        _test.Seen.RemoveRange(0, _test.Seen.FindLastIndex(seen => seen is LifeEffect.Ask));
        Fail(SessionStatus.NoMaster);
        Assert.Equal(_test.NowNs + (500 * TestLife.Ms), _test.Life.NextWakeNs);
    }

    [Fact]
    public void A_host_that_is_faster_is_left_alone()
    {
        _test.Hold();
        _test.HearEnd(SessionStatus.SessionExpired);
        _test.RunAll();
        Fail(SessionStatus.NoMaster);
        SessionWish own = _test.Wish();
        _test.Pass(1000);
        Assert.Same(own, _test.All<LifeEffect.Ask>().Single().Wish);
    }

    [Fact]
    public void A_closed_follower_wishes_for_nothing()
    {
        _test.Hold();
        _test.HearEnd(SessionStatus.SessionExpired);
        LifeCallback lost = _test.Take(LifeCallbackKind.Lost);
        _test.Do(life => life.BeginClose());
        _test.Return(lost);
        Assert.Equal(0, Asks);
    }

    private void Fail(SessionStatus status)
    {
        SessionWish wish = _test.All<LifeEffect.Ask>().Single().Wish;
        _test.Seen.Clear();
        _test.Do(life => life.Failed(wish, new SessionException(status, "no"), _test.NowNs));
        _test.RunAll();
    }
}
