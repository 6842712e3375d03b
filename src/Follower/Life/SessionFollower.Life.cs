using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using Interop.Sessions.Follower.Client;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower;

/// <content>
/// The one way into <see cref="SessionLife"/>: step in the gate, show what others may see, let go, carry out what is to be done.
/// </content>
public sealed partial class SessionFollower
{
    private void Do(Action<SessionLife, long> input) => Do((life, nowNs) =>
    {
        input(life, nowNs);
        return true;
    });

    private T Do<T>(Func<SessionLife, long, T> input)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        IReadOnlyList<LifeEffect> effects;
        lock (_gate)
        {
            try
            {
                result = input(_life, _manager.Time.NowNs);
            }
            catch (Exception error)
            {
                // What it has changed before is shown and done all the same.
                failure = ExceptionDispatchInfo.Capture(error);
            }

            Monitor.PulseAll(_gate);
            effects = ShowAndTake();
        }

        CarryOut(effects);
        failure?.Throw();
        return result;
    }

    /// <summary>In the gate. Without memory for it nothing is lost: the next input, or turn, shows and takes what is left.</summary>
    private IReadOnlyList<LifeEffect> ShowAndTake()
    {
        try
        {
            Show();
            return _life.TakeEffects();
        }
        catch (OutOfMemoryException error)
        {
            NoteUnexpected(error);
            return [];
        }
    }

    /// <summary>In the gate: first the data path, then whoever else sees it, in the order in which it happened.</summary>
    private void Show()
    {
        _word.Publish(_life.WordEpoch, _life.WordDeadlineNs, _life.State);
        if (_life.HasNews)
        {
            // One that cannot be shown, for lack of memory, keeps none behind it from being seen: a callback may be among them.
            foreach (LifeNews news in _life.TakeNews(_manager.Time.NowNs))
            {
                try
                {
                    Show(news);
                }
                catch (Exception error)
                {
                    NoteUnexpected(error);
                }
            }
        }

        PostCallbacks();
    }

    /// <summary>In the gate: once for each that waits. What finds no memory to wait in is posted when there is some again.</summary>
    private void PostCallbacks()
    {
        for (; _callbacksWaiting > 0; _callbacksWaiting--)
        {
            _callbackThread.Post(_runCallback);
        }
    }

    private void Show(LifeNews news)
    {
        switch (news)
        {
            case LifeNews.CallbackWaits:
                _callbacksWaiting++;
                break;
            case LifeNews.Held held:
                // Before the first renewal, or its answer would find no follower.
                _manager.Attach(held.Granted.Key.SessionId, this);
                _writes = new NumberedWrites(_manager.Time);
                _metrics.NoteGranted(_manager.Time.NowNs);
                break;
            case LifeNews.Moved moved:
                FollowerLog.StateChanged(_manager.Logger, Identity, moved.Info.SessionId, moved.Info.Epoch, moved.Info.State);
                break;
            case LifeNews.Drained drained:
                FollowerLog.Drained(_manager.Logger, Identity, drained.Info.IsDraining, drained.Info.DrainReason);
                break;
            case LifeNews.Lost lost:
                _manager.Detach(lost.Info.SessionId);
                _metrics.NoteLost(lost.Info.EndReason);
                Log(lost);
                break;
            case LifeNews.Abandoned abandoned:
                _manager.Client.Abandon(Identity, abandoned.Nonce, abandoned.FromNs);
                break;
            case LifeNews.LeaseCame came:
                _leaseComes?.SetResult(came.Info);
                _leaseComes = null;
                break;
            case LifeNews.NoLeaseComes:
                _leaseComes?.SetException(SessionLife.Closed(Identity));
                _leaseComes = null;
                break;
            case LifeNews.LeaseWent:
                _ = _leaseGoes?.CancelAsync();
                _leaseGoes = null;
                break;
            default:
                throw new ArgumentException($"nobody said how {news} is shown", nameof(news));
        }
    }

    private void Log(LifeNews.Lost lost)
    {
        SessionInfo info = lost.Info;
        if (lost.LowerEpoch is { } lower)
        {
            FollowerLog.MasterEpochWentBack(_manager.Logger, Identity, info.SessionId, info.MasterEpoch, lower);
        }

        FollowerLog.SessionLost(
            _manager.Logger, info.EndReason == SessionEndReason.Closed ? LogLevel.Information : LogLevel.Warning,
            Identity, info.SessionId, info.Epoch, info.EndReason);
    }

    // An effect that fails keeps no later effect from being done.
    private void CarryOut(IReadOnlyList<LifeEffect> effects)
    {
        for (int i = 0; i < effects.Count; i++)
        {
            try
            {
                CarryOut(effects[i]);
            }
            catch (Exception error)
            {
                NoteUnexpected(error);
            }
        }
    }

    private void CarryOut(LifeEffect effect)
    {
        switch (effect)
        {
            case LifeEffect.Ask ask:
                Ask((CreateOperation)ask.Wish);
                break;
            case LifeEffect.StopAsking stop:
                ((CreateOperation)stop.Wish).StopAsking();
                break;
            case LifeEffect.ReturnUnheld back:
                _ = ReturnAsync(back.Wish, back.Key, back.EffectsOverNs);
                break;
            case LifeEffect.GiveBack back:
                _manager.Client.GiveBack(back.Key, back.EffectsOverNs);
                break;
            case LifeEffect.NoteStillWithout note:
                FollowerLog.HostStillWithoutSession(_manager.Logger, Identity, note.Failure.Status, note.Failure.Message);
                break;
            default:
                throw new ArgumentException($"nobody said how {effect} is carried out", nameof(effect));
        }
    }

    // On a thread of the host's, too, which need not have a name.
    private void NoteUnexpected(Exception error) =>
        FollowerLog.Unexpected(_manager.Logger, Thread.CurrentThread.Name ?? "(of the host)", Identity, error);
}
