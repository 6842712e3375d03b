using System;
using System.Threading.Tasks;

namespace Interop.Sessions.Follower;

/// <content>Automatic re-creation, if the host wants it.</content>
public sealed partial class SessionFollower
{
    private readonly RecreatePolicy _recreate;
    private ServerDescription? _lastDescription;

    /// <summary>In a row; the callback thread's alone.</summary>
    private int _recreateFailures;

    // On the callback thread, behind SessionLost: LOST(e) is complete before CREATED(e+1) can begin.
    private void RecreateAfter(SessionEndReason reason)
    {
        // A newer process of this server serves now: there is nothing to take its place for.
        if (_recreate == RecreatePolicy.AfterLoss && reason is not (SessionEndReason.Closed or SessionEndReason.Superseded))
        {
            TryRecreate();
        }
    }

    private void TryRecreate()
    {
        if (_lastDescription is not { } description)
        {
            // Re-attached meanwhile.
            return;
        }

        try
        {
            BeginCreateSession(description, Limits.DefaultCreateTimeoutMs, OnRecreated);
        }
        catch (SessionException)
        {
            // Closed meanwhile, or the host was faster.
        }
    }

    private void OnRecreated(SessionException? failure, SessionInfo? created)
    {
        if (failure is { Status: not (SessionStatus.Cancelled or SessionStatus.RefusedByHost) })
        {
            FollowerLog.HostStillWithoutSession(_manager.Logger, Identity, failure.Status, failure.Message);
            uint pauseMs = RepeatRules.RecreatePauseMs(++_recreateFailures, Random.Shared.NextDouble());
            _ = Task.Delay((int)pauseMs).ContinueWith(_ => TryRecreate(), TaskScheduler.Default);
        }
        else
        {
            _recreateFailures = 0;
        }
    }
}
