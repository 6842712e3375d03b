using System;
using System.Collections.Generic;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower;

/// <content>The KeepAliveLoop: the only place where the follower's time passes.</content>
public sealed partial class SessionFollower
{
    /// <summary>Longest sleep without anything to do; a wake-up may also come from the gate.</summary>
    private const long IdleNs = 60_000_000_000;

    private readonly Thread _loop;
    private readonly Queue<(RenewalAnswer Answer, long SentNs)> _answers = new();

    /// <summary>An answer of the master; returns at once.</summary>
    internal void TakeAnswer(RenewalAnswer answer, long sentNs)
    {
        lock (_gate)
        {
            _answers.Enqueue((answer, sentNs));
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The life of the loop's thread. It runs the close too, so that a close needs no thread that may not be there.</summary>
    private void Live()
    {
        KeepAliveLoop();
        RunClose();
    }

    private void KeepAliveLoop()
    {
        lock (_gate)
        {
            while (!_isClosing)
            {
                try
                {
                    Turn();
                }
                catch (Exception error)
                {
                    LoseAfter(error);
                }
            }
        }
    }

    private void Turn()
    {
        long nowNs = BootClock.NowNs;
        if (_lease != null)
        {
            Advance(_lease, nowNs);
        }

        if (_answers.Count == 0 && !_isClosing)
        {
            SleepUntil(_lease is { State: not SessionState.Lost } ? _lease.NextWakeNs : nowNs + IdleNs, nowNs);
        }
    }

    // Nobody knows what the lease is worth any more. The data path refuses first of all; then the host hears of it.
    private void LoseAfter(Exception unexpected)
    {
        try
        {
            _word.Publish(0, 0, SessionState.Lost);
            FollowerLog.Unexpected(_manager.Logger, _loop.Name!, Identity, unexpected);
            if (_lease is { State: not SessionState.Lost })
            {
                _lease.End(SessionEndReason.Unknown);
                PublishMoves();
            }

            Monitor.Wait(_gate, (int)Limits.RetryPauseMs);
        }
        catch (Exception)
        {
            // Nor can it be told: no memory. The data path refuses, and the next turn tries again.
        }
    }

    private void Advance(SessionLease lease, long nowNs)
    {
        lease.Tick(nowNs);
        while (_answers.TryDequeue(out (RenewalAnswer Answer, long SentNs) received))
        {
            (uint intervalMs, long deadlineNs) = (lease.RenewalIntervalMs, lease.DeadlineNs);
            lease.Accept(received.Answer, received.SentNs, nowNs);
            _metrics.NoteAnswer(intervalMs, received.SentNs, nowNs, isRenewed: lease.DeadlineNs > deadlineNs);
        }

        if (lease.IsRenewalDue(nowNs) && lease.BeginRenewal(nowNs) is not Asking.Nothing and Asking asking)
        {
            _manager.Renew(new PendingRenewal(lease.Key, lease.RenewalIntervalMs, nowNs, lease.DeadlineNs)
            {
                IsInquiry = asking == Asking.Inquiry,
                Health = asking == Asking.Inquiry ? null : _health,
            });
            _metrics.NoteRenewal(asking);
        }

        PublishMoves();
    }

    private void SleepUntil(long wakeNs, long nowNs)
    {
        // Rounded up, or the loop would spin through the last millisecond.
        long sleepMs = Math.Clamp((wakeNs - nowNs + 999_999) / 1_000_000, 1, IdleNs / 1_000_000);
        Monitor.Wait(_gate, (int)sleepMs);
    }
}
