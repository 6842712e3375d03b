using System;

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
        LifeCallback? next = Do((life, _) => life.TakeCallback());
        while (next is { } callback)
        {
            HostAnswer answer = Run(callback);
            next = Do((life, nowNs) => life.Returned(callback, answer, nowNs));
        }
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
                FollowerLog.CallbackThrew(_manager.Logger, Identity, error);
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
            FollowerLog.CallbackThrew(_manager.Logger, Identity, error);
        }
    }
}
