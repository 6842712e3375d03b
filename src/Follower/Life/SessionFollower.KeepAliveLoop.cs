using System;
using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.Follower;

/// <content>The KeepAliveLoop: the only place where the follower's time passes.</content>
public sealed partial class SessionFollower
{
    private readonly Thread _loop;

    /// <summary>An answer of the master; returns at once.</summary>
    internal void TakeAnswer(RenewalAnswer answer, long sentNs)
    {
        lock (_gate)
        {
            _life.Answered(answer, sentNs);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A round of the loop's thread. It runs the steps of the close too, so that a close needs no thread that may not be there.</summary>
    private bool Live()
    {
        if (!TryTurn(out IReadOnlyList<LifeEffect> effects))
        {
            return TryStepOfClose();
        }

        CarryOut(effects);
        return true;
    }

    /// <summary>A turn after the other until there is something to carry out. False: a close has begun.</summary>
    private bool TryTurn(out IReadOnlyList<LifeEffect> effects)
    {
        effects = [];
        lock (_gate)
        {
            while (effects.Count == 0 && !_life.IsClosing)
            {
                try
                {
                    effects = Turn();
                }
                catch (Exception error)
                {
                    LoseAfter(error);
                }
            }

            return !_life.IsClosing || effects.Count > 0;
        }
    }

    private IReadOnlyList<LifeEffect> Turn()
    {
        long nowNs = _manager.Time.NowNs;
        PendingRenewal? due = _life.Turn(nowNs);
        Show();
        for (int i = 0; i < _life.Judged.Count; i++)
        {
            _metrics.NoteAnswer(_life.Judged[i], nowNs);
        }

        if (due is { } renewal)
        {
            _manager.Renew(renewal);
            _metrics.NoteRenewal(renewal.IsInquiry);
        }

        IReadOnlyList<LifeEffect> effects = _life.TakeEffects();
        if (effects.Count == 0)
        {
            SleepUntil(_life.NextWakeNs, nowNs);
        }

        return effects;
    }

    // What the lease is worth is not known any more. The data path refuses first of all; then the host hears of that.
    private void LoseAfter(Exception unexpected)
    {
        try
        {
            _word.Publish(0, 0, SessionState.Lost);
            NoteUnexpected(unexpected);
            _life.Break();
            Show();
        }
        catch (Exception)
        {
            // Nor can it be told: no memory. The data path refuses, and the next turn tries again.
        }

        _manager.Time.Wait(_gate, (int)Limits.RetryPauseMs);
    }

    private void SleepUntil(long wakeNs, long nowNs)
    {
        // Rounded up, or the loop would spin through the last millisecond.
        long sleepMs = Math.Clamp(Ns.ToMsUp(Math.Min(wakeNs - nowNs, Ns.FromMs(Limits.IdleFollowerMs))), 1, Limits.IdleFollowerMs);
        _manager.Time.Wait(_gate, (int)sleepMs);
    }
}
