using System.Diagnostics;

namespace Interop.Sessions.Follower;

/// <content>
/// Callbacks, on the host's thread: those of a create are one turn, SessionCreated, the registered ones, StateChanged(Alive),
/// the end of the create. What happens meanwhile is told behind that turn; if that is a loss, the end comes behind SessionLost,
/// so a caller that waits for the create finds the host stopped.
/// </content>
public sealed partial class SessionLife
{
    /// <summary>What the host hears next; null: nothing waits, or a callback runs still.</summary>
    public LifeCallback? TakeCallback() => _callbacks.Take() is { } next ? Prepare(next) : null;

    /// <summary>A callback has returned.</summary>
    /// <param name="callback">Which.</param>
    /// <param name="answer">How.</param>
    /// <param name="nowNs">The clock now.</param>
    /// <returns>What is run at once, in the same turn; null: it is over.</returns>
    public LifeCallback? Returned(LifeCallback callback, HostAnswer answer, long nowNs)
    {
        Debug.Assert(_callbacks.Running == callback, "one at a time");
        LifeCallback? follow = null;
        try
        {
            follow = After(callback, answer, nowNs);
        }
        finally
        {
            // Whatever fails, for lack of memory: this callback no longer runs, and the next one may.
            _callbacks.Returned(follow);
        }

        return follow;
    }

    private LifeCallback? After(LifeCallback callback, HostAnswer answer, long nowNs)
    {
        switch (callback.Kind)
        {
            case LifeCallbackKind.Created when answer.IsRefusal:
                Refuse(callback.Wish!, answer.Reason);
                return null;
            case LifeCallbackKind.Created:
                return new LifeCallback(LifeCallbackKind.Registered, Info) { Wish = callback.Wish };
            case LifeCallbackKind.Registered:
                return AfterRegistered(callback);
            case LifeCallbackKind.State when callback.Follow is { } ended:
                return Prepare(ended);
            case LifeCallbackKind.Lost:
                AfterLost(callback, nowNs);
                return null;
            case LifeCallbackKind.Ended:
                _wishes--;
                AfterEnd(callback, nowNs);
                return null;
            default:
                return null;
        }
    }

    private LifeCallback Prepare(LifeCallback next)
    {
        switch (next.Kind)
        {
            case LifeCallbackKind.Created:
                next.Info = Info;
                break;
            case LifeCallbackKind.Ended:
                // The next may begin, also when the host hears of this one.
                _creating = _creating == next.Wish ? null : _creating;
                if (next.Refused is { } key)
                {
                    // SessionLost has returned.
                    _effects.Add(new LifeEffect.GiveBack(key, _effectsOverNs));
                }

                break;
            default:
                break;
        }

        return next;
    }

    private void Refuse(SessionWish wish, string reason)
    {
        SessionKey key = _lease!.Key;
        _lease.End(SessionEndReason.Closed);
        FollowMoves();
        Call(new LifeCallback(LifeCallbackKind.Ended, SessionInfo.None)
        {
            Wish = wish,
            Refused = key,
            Failure = new SessionException(
                SessionStatus.RefusedByHost,
                $"the follower's own SessionCreatedCb refused the session{(reason.Length == 0 ? "" : ": ")}{reason}"),
        });
    }

    private LifeCallback? AfterRegistered(LifeCallback callback)
    {
        if (!IsHeld)
        {
            // SessionLost waits already.
            End(callback.Wish!, LostMeanwhile(_lease!.EndReason));
            return null;
        }

        _creating = null;
        TellWaiting();
        SessionInfo alive = Info with { State = SessionState.Alive };
        _news.Add(new LifeNews.Moved(alive));
        return new LifeCallback(LifeCallbackKind.State, alive)
        {
            Follow = new LifeCallback(LifeCallbackKind.Ended, Info) { Wish = callback.Wish },
        };
    }

    private static SessionException LostMeanwhile(SessionEndReason reason) => new(
        // Its host closed the session while it was being asked for.
        reason == SessionEndReason.Closed ? SessionStatus.Cancelled : reason.Status(),
        "the session was lost while its callbacks ran");
}
