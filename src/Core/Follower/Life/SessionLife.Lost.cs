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

    /// <summary>A session was lost that is to be replaced: until there is one, the host refuses it, or the follower is closed.</summary>
    private bool _isWanted;

    /// <summary>When the follower wishes for it again.</summary>
    private long _wishAgainNs = long.MaxValue;

    /// <summary>In a row.</summary>
    private int _failures;

    private void Lose(SessionInfo info)
    {
        LifeCallback loss = LifeCallback.OfLoss(info, _lease!.Key);
        _news.Add(new LifeNews.Lost(info, _lease.EndedByLowerEpoch));
        _loss = loss;
        Call(loss);
    }

    /// <summary>The data path refuses: what it began before has δ to end.</summary>
    private void NoteRefusal(long shownNs)
    {
        if (_loss != null)
        {
            _effectsOverNs = shownNs + Ns.FromMs(_bounds.EffectDelayMs);
            _loss.EffectsOverNs = _effectsOverNs;
            _loss = null;
        }
    }

    /// <summary>SessionLost has returned: the host has stopped.</summary>
    private void AfterLost(LifeCallback callback, long nowNs)
    {
        SessionEndReason reason = callback.Info.EndReason;
        _news.Add(new LifeNews.Abandoned(callback.Key.Nonce, callback.EffectsOverNs));
        if (reason == SessionEndReason.Revoked)
        {
            // The master need not wait for the lease to run out.
            _effects.Add(new LifeEffect.GiveBack(callback.Key, callback.EffectsOverNs));
        }

        // After Closed the host has refused it, and after Superseded a newer process of this server serves: there is nothing to take its
        // place for. What was taken up by a re-attach nobody here can describe.
        Want(_recreate == RecreatePolicy.AfterLoss && reason is not (SessionEndReason.Closed or SessionEndReason.Superseded) &&
            _lastDescription != null && !IsClosing);
        if (_isWanted)
        {
            _wishAgainNs = nowNs;
            WishAgain();
        }
    }

    private void Want(bool isWanted)
    {
        _isWanted = isWanted;
        _wishAgainNs = long.MaxValue;
    }

    /// <summary>Unless a create is in progress: its end says whether this is still wanted.</summary>
    private void WishAgain()
    {
        if (MayBegin)
        {
            SessionWish wish = _wishAgain(_lastDescription!);
            wish.IsOwn = true;
            Begin(wish);
        }

        // Only now: what has thrown is tried again.
        _wishAgainNs = long.MaxValue;
    }

    /// <summary>A create has ended, the host's or an own one.</summary>
    private void AfterEnd(LifeCallback callback, long nowNs)
    {
        if (callback.Failure is not { } failure)
        {
            Want(false);
            _failures = 0;
        }
        else if (_isWanted)
        {
            _wishAgainNs = nowNs + Ns.FromMs(RepeatRules.RecreatePauseMs(++_failures, _random()));
            if (callback.Wish!.IsOwn)
            {
                _effects.Add(new LifeEffect.NoteStillWithout(failure));
            }
        }
    }
}
