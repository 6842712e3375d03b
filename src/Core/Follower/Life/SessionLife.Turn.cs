using System;
using System.Collections.Generic;

namespace Interop.Sessions.Follower;

/// <content>Time, answers and renewals. A turn allocates nothing unless the state changes.</content>
public sealed partial class SessionLife
{
    private readonly Queue<(RenewalAnswer Answer, long SentNs)> _answers = new();
    private readonly List<JudgedAnswer> _judged = [];

    /// <summary>Until when the host vouches for itself; the caller writes what <see cref="ReportHealth"/> gives.</summary>
    public HostHealth Health { get; } = new();

    /// <summary>The answers that the last turn took.</summary>
    public IReadOnlyList<JudgedAnswer> Judged => _judged;

    /// <summary>When the next turn has something to do.</summary>
    public long NextWakeNs => _answers.Count > 0 ? 0
        : IsHeld ? Math.Min(_lease!.NextWakeNs, _wishAgainNs)
        : _wishAgainNs;

    /// <summary>A master has answered a renewal. The next turn takes it, which first sees whether the holder was away.</summary>
    public void Answered(RenewalAnswer answer, long sentNs) => _answers.Enqueue((answer, sentNs));

    /// <summary>Lets time pass.</summary>
    /// <returns>The renewal or inquiry that goes out now; null: none.</returns>
    public PendingRenewal? Turn(long nowNs)
    {
        _judged.Clear();
        if (nowNs >= _wishAgainNs)
        {
            WishAgain();
        }

        if (_lease is not { } lease)
        {
            return null;
        }

        lease.Tick(nowNs);
        while (_answers.TryDequeue(out (RenewalAnswer Answer, long SentNs) received))
        {
            Judge(lease, received.Answer, received.SentNs, nowNs);
        }

        PendingRenewal? due = lease.IsRenewalDue(nowNs) ? Renewal(lease, nowNs) : null;
        FollowMoves();
        return due;
    }

    /// <summary>The host vouches for itself for so long.</summary>
    /// <param name="healthyForMs">0: it is not well; the largest number: until it says otherwise.</param>
    /// <param name="nowNs">The clock now.</param>
    /// <returns>Until when, for <see cref="Health"/>.</returns>
    /// <exception cref="SessionException">Cancelled: it is being closed.</exception>
    public long ReportHealth(uint healthyForMs, long nowNs)
    {
        RequireOpen();
        long untilNs = healthyForMs switch
        {
            0 => 0,
            uint.MaxValue => long.MaxValue,
            _ => nowNs + Ns.FromMs(healthyForMs),
        };
        if (_lease != null)
        {
            _lease.HealthyUntilNs = untilNs;
        }

        return untilNs;
    }

    /// <summary>An unexpected exception: what the lease is worth is not known any more.</summary>
    public void Break()
    {
        if (IsHeld)
        {
            _lease!.End(SessionEndReason.Unknown);
            FollowMoves();
        }
    }

    private void Judge(SessionLease lease, RenewalAnswer answer, long sentNs, long nowNs)
    {
        (uint intervalMs, ulong leaderEpoch, long deadlineNs) = (lease.RenewalIntervalMs, lease.MasterEpoch, lease.DeadlineNs);
        lease.Accept(answer, sentNs, nowNs);
        NoteDrain(lease, answer);
        _judged.Add(new JudgedAnswer(answer, sentNs, intervalMs, leaderEpoch, IsExtended: lease.DeadlineNs > deadlineNs));
    }

    private PendingRenewal? Renewal(SessionLease lease, long nowNs) => lease.BeginRenewal(nowNs) switch
    {
        Asking.Nothing => null,
        Asking.LastWord => new PendingRenewal(lease.Key, lease.RenewalIntervalMs, nowNs, lease.DeadlineNs)
        {
            IsInquiry = true,
            IsGateClosed = true,
            Health = Health,
        },
        Asking.Inquiry => new PendingRenewal(lease.Key, lease.RenewalIntervalMs, nowNs, lease.DeadlineNs) { IsInquiry = true },
        _ => new PendingRenewal(lease.Key, lease.RenewalIntervalMs, nowNs, lease.DeadlineNs) { Health = Health },
    };
}
