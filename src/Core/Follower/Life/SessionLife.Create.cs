using System.Diagnostics;

namespace Interop.Sessions.Follower;

/// <content>A create or a re-attach, up to the master's answer.</content>
public sealed partial class SessionLife
{
    /// <summary>
    /// What the last session was created as, and is wished for again after a loss; null: a re-attach, whose item nobody here knows.
    /// </summary>
    private ServerDescription? _lastDescription;

    /// <summary>Creates that have begun and whose end the host has not heard; two, where it begins the next when it hears of one.</summary>
    private int _wishes;

    /// <summary>The host, or the follower itself, wants a session.</summary>
    /// <exception cref="SessionException">
    /// Cancelled: it is being closed; SessionExists: it has one, or is creating one; UnknownSession: a re-attach of what it has lost.
    /// </exception>
    public void Begin(SessionWish wish)
    {
        RequireOpen();
        if (!MayBegin)
        {
            throw new SessionException(
                SessionStatus.SessionExists, $"follower '{_identity}' has, or is creating, a session already");
        }

        if (wish.Former is { } former && _lease?.Key.SessionId == former.SessionId)
        {
            // The host is told to stop, or was: no answer may make the same epoch good again.
            throw new SessionException(
                SessionStatus.UnknownSession,
                $"follower '{_identity}' has lost session {Notation.OfSession(former.SessionId)}: what is lost is not taken up again");
        }

        _effects.Add(new LifeEffect.Ask(wish));
        _creating = wish;
        _wishes++;
    }

    /// <summary>The host no longer wants the create; too late is no error.</summary>
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
        if (wish.IsGivenUp || IsClosing)
        {
            // Nobody would keep it alive.
            long overNs = wish.EffectsOverNs(_bounds, nowNs);
            _news.Add(new LifeNews.Abandoned(wish.Nonce, overNs));
            _effects.Add(new LifeEffect.ReturnUnheld(wish, granted.Key, overNs));
            return;
        }

        _lastDescription = wish.Description;
        _granted = granted;
        _secret = wish.Connection.Secret;
        _lease = new SessionLease(granted, _bounds, sentNs, nowNs) { HealthyUntilNs = Health.UntilNs };
        _drainReason = null;
        _answers.Clear();
        _news.Add(new LifeNews.Held(granted));
        Call(new LifeCallback(LifeCallbackKind.Created, Info) { Wish = wish });
        wish.IsCalled = true;
        FollowMoves();
    }

    /// <summary>A session that was granted to no follower is given back, or the master could not be told.</summary>
    public void GivenBack(SessionWish wish) => End(wish, SessionException.CancelledCall(mayBeDone: true));

    /// <summary>There is no session, or something that nobody expected kept it from being held.</summary>
    /// <param name="wish">What was asked for.</param>
    /// <param name="failure">Why.</param>
    /// <param name="nowNs">The clock now.</param>
    public void Failed(SessionWish wish, SessionException failure, long nowNs)
    {
        if (wish.IsCalled)
        {
            // The create's callbacks end it.
            return;
        }

        Break();
        if (failure.Status != SessionStatus.NoMaster || failure.IsOutcomeUnknown)
        {
            // Also what was refused: the master may not have got as far as ending it. To name one that made nothing harms nobody, but
            // they are not many that can be named.
            _news.Add(new LifeNews.Abandoned(wish.Nonce, wish.EffectsOverNs(_bounds, nowNs)));
        }

        End(wish, failure);
    }

    private void End(SessionWish wish, SessionException failure) =>
        Call(new LifeCallback(LifeCallbackKind.Ended, SessionInfo.None) { Wish = wish, Failure = failure });

    private bool MayBegin => !IsClosing && _creating == null && !IsHeld;
}
