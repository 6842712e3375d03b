using System.Diagnostics;

namespace Interop.Sessions.Follower;

/// <content>A create or a re-attach, up to the master's answer.</content>
public sealed partial class SessionLife
{
    /// <summary>The last create, which is wished for again after a loss; null: a re-attach, whose item nobody here knows.</summary>
    private ServerDescription? _lastDescription;

    /// <summary>Creates that have begun and whose end the host has not heard; two, where it begins the next when it hears of one.</summary>
    private int _wishes;

    /// <summary>The host, or the follower itself, wants a session.</summary>
    /// <exception cref="SessionException">Cancelled: it is being closed; SessionExists: it has one, or is creating one.</exception>
    public void Begin(SessionWish wish)
    {
        RequireOpen();
        if (!MayBegin)
        {
            throw new SessionException(
                SessionStatus.SessionExists, $"follower '{_identity}' has, or is creating, a session already");
        }

        _creating = wish;
        _wishes++;
        _lastDescription = wish.Description ?? _lastDescription;
        _effects.Add(new LifeEffect.Ask(wish));
    }

    /// <summary>Its host wants it no more; too late is no error.</summary>
    public void GiveUp(SessionWish wish)
    {
        wish.IsGivenUp = true;
        _effects.Add(new LifeEffect.StopAsking(wish));
    }

    /// <summary>A master has granted it: it is kept alive from now on, and the host's part begins.</summary>
    /// <param name="wish">What was asked for.</param>
    /// <param name="granted">The answer.</param>
    /// <param name="sentNs">s: the clock before it was asked for.</param>
    /// <param name="nowNs">The clock now.</param>
    public void Granted(SessionWish wish, GrantedSession granted, long sentNs, long nowNs)
    {
        Debug.Assert(_creating == wish && !IsHeld, "it is asked for one at a time");
        if (wish.Former != null)
        {
            // What an earlier create asked for is not what this session is.
            _lastDescription = null;
        }

        if (wish.IsGivenUp || IsClosing)
        {
            // Nobody would keep it alive.
            _news.Add(new LifeNews.Abandoned(wish.Nonce, FromNs: 0));
            _effects.Add(new LifeEffect.ReturnUnheld(wish, granted.Key));
            return;
        }

        _granted = granted;
        _lease = new SessionLease(granted, _bounds, sentNs, nowNs) { HealthyUntilNs = Health.UntilNs };
        _answers.Clear();
        _news.Add(new LifeNews.Held(granted));
        Call(new LifeCallback(LifeCallbackKind.Created, Info) { Wish = wish });
        wish.IsCalled = true;
        FollowMoves();
    }

    /// <summary>What was granted to nobody is given back, or the master could not be told.</summary>
    public void GivenBack(SessionWish wish) => End(wish, SessionException.CancelledCall(mayBeDone: true));

    /// <summary>There is no session, or something that nobody expected kept it from being held.</summary>
    public void Failed(SessionWish wish, SessionException failure)
    {
        if (wish.IsCalled)
        {
            // Its callbacks end it.
            return;
        }

        Break();
        // Also what was refused: the master may not have got as far as ending it. To name one that made nothing harms nobody.
        _news.Add(new LifeNews.Abandoned(wish.Nonce, FromNs: 0));
        End(wish, failure);
    }

    private void End(SessionWish wish, SessionException failure) =>
        Call(new LifeCallback(LifeCallbackKind.Ended, SessionInfo.None) { Wish = wish, Failure = failure });

    private bool MayBegin => !IsClosing && _creating == null && !IsHeld;
}
