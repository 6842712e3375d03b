using System;

namespace Interop.Sessions.Follower;

/// <content>A loss, and what follows it.</content>
public sealed partial class SessionLife
{
    private readonly RecreatePolicy _recreate;
    private readonly Func<ServerDescription, SessionWish> _wishAgain;
    private readonly Func<double> _random;

    /// <summary>The loss that the word does not show yet.</summary>
    private LifeCallback? _loss;

    /// <summary>When the last effect that began under the session that was lost last is over.</summary>
    private long _effectsOverNs;

    /// <summary>When the follower wishes again for the session that it could not replace.</summary>
    private long _wishAgainNs = long.MaxValue;

    /// <summary>In a row.</summary>
    private int _failures;

    private void Lose(SessionInfo info)
    {
        _news.Add(new LifeNews.Lost(info, _lease!.EndedByLowerEpoch));
        _loss = LifeCallback.OfLoss(info, _lease.Key);
        Call(_loss);
    }

    /// <summary>The data path refuses: what it began before has δ to end.</summary>
    private void NoteRefusal(long shownNs)
    {
        if (_loss != null)
        {
            _effectsOverNs = shownNs + (_bounds.EffectDelayMs * 1_000_000L);
            _loss.EffectsOverNs = _effectsOverNs;
            _loss = null;
        }
    }

    /// <summary>SessionLost has returned: the host has stopped.</summary>
    private void AfterLost(LifeCallback callback)
    {
        SessionEndReason reason = callback.Info.EndReason;
        _news.Add(new LifeNews.Abandoned(callback.Key.Nonce, callback.EffectsOverNs));
        if (reason == SessionEndReason.Revoked)
        {
            // The master need not wait for the lease to run out.
            _effects.Add(new LifeEffect.GiveBack(callback.Key, callback.EffectsOverNs));
        }

        // After Superseded, a newer process of this server serves: there is nothing to take its place for.
        if (_recreate == RecreatePolicy.AfterLoss && reason is not (SessionEndReason.Closed or SessionEndReason.Superseded))
        {
            WishAgain();
        }
    }

    /// <summary>Unless it is being closed, the host was faster, or it is not known what to wish for.</summary>
    private void WishAgain()
    {
        if (MayBegin && _lastDescription is { } description)
        {
            SessionWish wish = _wishAgain(description);
            wish.IsOwn = true;
            Begin(wish);
        }
    }

    private void AfterEnd(LifeCallback callback, long nowNs)
    {
        if (!callback.Wish!.IsOwn)
        {
            return;
        }

        if (callback.Failure is { Status: not (SessionStatus.Cancelled or SessionStatus.RefusedByHost) } failure)
        {
            _effects.Add(new LifeEffect.NoteStillWithout(failure));
            _wishAgainNs = nowNs + (RepeatRules.RecreatePauseMs(++_failures, _random()) * 1_000_000L);
        }
        else
        {
            _failures = 0;
        }
    }
}
