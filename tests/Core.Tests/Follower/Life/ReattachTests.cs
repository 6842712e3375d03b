using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>A session that is taken up: whoever held it is gone, but what it began a moment before may not be over.</summary>
public sealed class ReattachTests
{
    private const long EffectNs = TestLife.EffectDelayMs * TestLife.Ms;

    private readonly TestLife _test = new();

    [Fact]
    public void What_is_lost_is_not_taken_up_again_by_who_has_lost_it()
    {
        SessionKey key = _test.Hold();
        _test.Do(life => life.Break());

        SessionException refusal = Assert.Throws<SessionException>(() => _test.WishForFormer(key.SessionId));

        Assert.Equal(SessionStatus.UnknownSession, refusal.Status);
        Assert.Contains("0000000000000abc", refusal.Message, System.StringComparison.Ordinal);
        Assert.Equal(LifeCallbackKind.Lost, _test.Take(LifeCallbackKind.Lost).Kind);
    }

    [Fact]
    public void One_that_is_given_up_goes_back_when_the_effects_of_the_former_holder_are_over()
    {
        SessionWish former = _test.WishForFormer();
        _test.Do(life => life.GiveUp(former));
        _test.Grant(former);

        Assert.Equal(_test.NowNs + EffectNs, _test.All<LifeEffect.ReturnUnheld>().Single().EffectsOverNs);
        Assert.Equal(_test.NowNs + EffectNs, _test.All<LifeNews.Abandoned>().Single().FromNs);
    }

    [Fact]
    public void The_same_of_one_that_a_close_was_faster_than()
    {
        SessionWish former = _test.WishForFormer();
        _test.Do(life => life.BeginClose());
        _test.Grant(former);

        Assert.Equal(_test.NowNs + EffectNs, _test.All<LifeEffect.ReturnUnheld>().Single().EffectsOverNs);
    }

    [Fact]
    public void What_a_failed_one_may_have_got_is_named_when_those_effects_are_over()
    {
        SessionWish former = _test.WishForFormer();
        _test.Do(life => life.Failed(former, new SessionException(SessionStatus.TimedOut, "no"), _test.NowNs));

        Assert.Equal(_test.NowNs + EffectNs, _test.All<LifeNews.Abandoned>().Single().FromNs);
    }

    [Fact]
    public void A_create_that_is_given_up_has_no_effects()
    {
        SessionWish wish = _test.Wish();
        _test.Do(life => life.GiveUp(wish));
        _test.Grant(wish);

        Assert.Equal(0, _test.All<LifeEffect.ReturnUnheld>().Single().EffectsOverNs);
    }

    [Fact]
    public void A_nonce_that_reached_no_master_takes_no_place_among_those_that_are_named()
    {
        SessionWish wish = _test.Wish();
        _test.Do(life => life.Failed(wish, new SessionException(SessionStatus.NoMaster, "no"), _test.NowNs));
        Assert.Empty(_test.All<LifeNews.Abandoned>());

        _test.RunAll();
        SessionWish next = _test.Wish();
        _test.Do(life => life.Failed(
            next, new SessionException(SessionStatus.NoMaster, "no") { IsOutcomeUnknown = true }, _test.NowNs));
        Assert.Equal(next.Nonce, _test.All<LifeNews.Abandoned>().Single().Nonce);
    }
}
