using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>
/// A chunk server around the product's <see cref="SessionLease"/>: its KeepAliveLoop, and a data path that reads the lease word all
/// the while. It renews through the book of its process.
/// </summary>
internal sealed partial class SimFollower(FollowerProcess process, ServerDisk disk, SimRandom random)
{
    private readonly Queue<(RenewalAnswer Answer, long SentNs)> _answers = new();
    private HostHealth _health = new();
    private SessionLease? _lease;
    private long _lastStepNs;
    private int _wakes;

    internal FollowerProcess Process => process;

    internal string Name { get; } = $"{disk.Identity}@{process.Name}";

    internal string Identity => disk.Identity;

    internal ServerDisk Disk => disk;

    internal bool IsUp => process.IsUp;

    /// <summary>Counts starts of its process.</summary>
    internal int Run => process.Run;

    /// <summary>Another process has taken its session up: it gets no new one.</summary>
    internal bool IsSuperseded => process.IsSuperseded;

    internal SessionState State => _lease?.State ?? SessionState.None;

    internal SessionKey? Held => _lease is { State: not SessionState.Lost } ? _lease.Key : null;

    /// <summary>Until when its host vouches for itself.</summary>
    internal long HealthyUntilNs => _health.UntilNs;

    private World World => process.World;

    private long NowNs => process.NowNs;

    internal bool Holds(ulong sessionId) => _lease?.Key.SessionId == sessionId;

    /// <summary>The host vouches for its disks until then; or no longer.</summary>
    internal void SetHealthyUntil(long forNs)
    {
        World.Note($"{Name} is healthy for {forNs / World.Ms} ms");
        ReportHealth(NowNs + forNs);
    }

    internal void BecomeHealthy() => ReportHealth(long.MaxValue);

    internal void OnStart()
    {
        _health = new HostHealth();
        UseData();
        if (disk.HasSession)
        {
            Reattach();
        }
        else
        {
            CreateLater(0);
        }
    }

    internal void OnCrash()
    {
        _lease = null;
        _attempt++;
        _answers.Clear();
        _abandoned = new AbandonedCreates();
        Publish();
    }

    /// <summary>An answer of the master.</summary>
    internal void Take(RenewalAnswer answer, long sentNs)
    {
        _answers.Enqueue((answer, sentNs));
        Step();
    }

    private void AtLocal(long localNs, Action action) => process.AtLocal(localNs, action);

    private void AfterLocal(long delayNs, Action action) => process.AfterLocal(delayNs, action);

    private void ReportHealth(long untilNs)
    {
        _health.UntilNs = untilNs;
        if (_lease != null)
        {
            _lease.HealthyUntilNs = untilNs;
        }
    }

    private void Hold(GrantedSession granted, long sentNs)
    {
        disk.SessionId = granted.Key.SessionId;
        disk.Secret = granted.Secret;
        _lease = new SessionLease(granted, World.Conditions.Bounds, sentNs, NowNs) { HealthyUntilNs = _health.UntilNs };
        _answers.Clear();
        BeginItems();
        _lastStepNs = NowNs;
        World.Witness.Created(this, granted.Key.Epoch);
        Step();
    }

    private void Step() => process.WhenCollected(() =>
    {
        if (_lease == null)
        {
            return;
        }

        long nowNs = NowNs;
        bool wasAway = nowNs - _lastStepNs > _lease.TermMs * World.Ms / 2;
        _lastStepNs = nowNs;
        _lease.Tick(nowNs);
        while (_answers.TryDequeue(out (RenewalAnswer Answer, long SentNs) received))
        {
            ulong leaderEpoch = _lease.MasterEpoch;
            long deadlineNs = _lease.DeadlineNs;
            _lease.Accept(received.Answer, received.SentNs, nowNs);
            World.Witness.Heard(this, leaderEpoch, received.Answer, isExtended: _lease.DeadlineNs > deadlineNs);
        }

        if (wasAway)
        {
            // Every answer so far was to a question from before.
            World.Witness.RefusesAfterPause(this, _lease.DeadlineNs);
        }

        if (_lease.IsRenewalDue(nowNs) && _lease.BeginRenewal(nowNs) is not Asking.Nothing and var asking)
        {
            Ask(_lease, asking, nowNs);
        }

        Publish();
        WakeUp();
    });

    private void WakeUp()
    {
        int wake = ++_wakes;
        if (_lease is { State: not SessionState.Lost })
        {
            AtLocal(_lease.NextWakeNs, () =>
            {
                if (wake == _wakes)
                {
                    Step();
                }
            });
        }
    }

    private void Ask(SessionLease lease, Asking asking, long nowNs)
    {
        World.Witness.Asked(this, asking, nowNs, lease.RenewalIntervalMs);
        process.Renew(new PendingRenewal(lease.Key, lease.RenewalIntervalMs, nowNs, lease.DeadlineNs)
        {
            IsInquiry = asking == Asking.Inquiry,
            Health = asking == Asking.Inquiry ? null : _health,
        });
    }

    private void Publish()
    {
        WordEpoch = _lease?.Key.Epoch ?? 0;
        WordDeadlineNs = _lease?.DeadlineNs ?? 0;
        if (_lease == null)
        {
            return;
        }

        foreach (SessionState state in _lease.TakeMoves())
        {
            World.Note($"{Name}: {state} epoch {_lease.Key.Epoch} {_lease.EndReason}");
            if (state == SessionState.Lost)
            {
                World.Witness.Lost(this, _lease.Key, _lease.EndReason);
                AfterLost();
            }
        }
    }

    private void AfterLost()
    {
        // SessionLost returns when the host has stopped: effects that have begun need up to delta.
        SessionKey key = _lease!.Key;
        if (!IsSuperseded)
        {
            AfterLocal((World.Conditions.EffectDelayMs + 1) * World.Ms, () => Abandon(key.Nonce));
        }

        if (_lease.EndReason is SessionEndReason.Revoked or SessionEndReason.Closed)
        {
            AfterLocal((World.Conditions.EffectDelayMs + 1) * World.Ms, () => GiveBack(key));
        }

        if (!IsSuperseded)
        {
            disk.SessionId = 0;
            CreateLater(random.Between(0, 500) * World.Ms);
        }
    }
}
