using System;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower;

/// <content>What the host hears of its session: <see cref="SessionLife"/> says which and when, and the callback thread runs it.</content>
public sealed partial class SessionFollower
{
    private readonly Action _runCallback;

    /// <summary>So many were not posted yet; in the gate.</summary>
    private int _callbacksWaiting;

    // On the callback thread, once for each that waits.
    private void RunCallback()
    {
        LifeCallback? next = Told((life, _) => life.TakeCallback());
        while (next is { } callback)
        {
            HostAnswer answer = Run(callback);
            next = Told((life, nowNs) => life.Returned(callback, answer, nowNs));
        }
    }

    // Of a callback that the life takes for running still, the host would hear no more, and a close would wait for it: what throws before
    // the life has been told is tried again, and what throws behind that keeps no callback from being run.
    private LifeCallback? Told(Func<SessionLife, long, LifeCallback?> input)
    {
        LifeCallback? next = null;
        for (bool isTold = false; !isTold;)
        {
            try
            {
                Do((life, nowNs) =>
                {
                    isTold = true;
                    next = input(life, nowNs);
                });
            }
            catch (Exception error)
            {
                NoteUnexpected(error);
                BootTime.Pause();
            }
        }

        return next;
    }

    private HostAnswer Run(LifeCallback callback)
    {
        try
        {
            return Tell(callback);
        }
        catch (Exception error)
        {
            HostAnswer answer = HostAnswer.Threw(callback.Kind, error);
            if (answer.IsUnexpected)
            {
                NoteThrew(error);
            }

            return answer;
        }
    }

    private HostAnswer Tell(LifeCallback callback)
    {
        SessionInfo session = callback.Info;
        switch (callback.Kind)
        {
            case LifeCallbackKind.Created:
                FollowerLog.CreateStep(_manager.Logger, "5/6 SessionCreatedCb", Identity);
                using (ScopeOf(session))
                {
                    return HostAnswer.Of(_callbacks.SessionCreated(session));
                }

            case LifeCallbackKind.Registered:
                FollowerLog.CreateStep(_manager.Logger, "6/6 RegisterSessionCreateCb callbacks", Identity);
                RunSessionCreateCallbacks(session);
                break;
            case LifeCallbackKind.State:
                using (ScopeOf(session))
                {
                    _callbacks.StateChanged(session);
                }

                break;
            case LifeCallbackKind.Lost:
                using (ScopeOf(session))
                {
                    _callbacks.SessionLost(session);
                }

                break;
            default:
                ((CreateOperation)callback.Wish!).Complete(callback.Failure, callback.Created);
                break;
        }

        return HostAnswer.Returned;
    }

    private void RunGuarded(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception error)
        {
            NoteThrew(error);
        }
    }

    private void NoteThrew(Exception error)
    {
        try
        {
            FollowerLog.CallbackThrew(_manager.Logger, Identity, error);
        }
        catch (Exception unexpected)
        {
            NoteUnexpected(unexpected);
        }
    }
}
