using System.Collections.Generic;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>
/// A chunk server around the product's <see cref="SessionLease"/>: the KeepAliveLoop, which the collector may pause by
/// itself, and a data path that reads the lease word all the while.
/// </summary>
internal sealed partial class FollowerProcess(World world, string name, SimClock clock, SimRandom random, ServerDisk disk)
    : SimProcess(world, name, clock)
{
    private readonly Queue<(RenewalAnswer Answer, long SentNs)> _answers = new();
    private SessionLease? _lease;
    private long _loopPausedUntilNs;
    private long _lastStepNs;
    private int _wakes;
    private int _master;

    internal string Identity => disk.Identity;

    internal ServerDisk Disk => disk;

    internal SessionState State => _lease?.State ?? SessionState.None;

    internal SessionKey? Held => _lease is { State: not SessionState.Lost } ? _lease.Key : null;

    /// <summary>Another process has taken its session up: it gets no new one.</summary>
    internal bool IsSuperseded { get; set; }

    private MasterProcess Master => World.Masters[_master % World.Masters.Count];

    /// <summary>The collector stops the loop, and not the data path.</summary>
    internal void PauseLoop(long forNs)
    {
        _loopPausedUntilNs = World.Agenda.NowNs + forNs;
        World.Note($"{Name}'s loop is paused for {forNs / World.Ms} ms");
    }

    /// <summary>The host vouches for its disks until then; or no longer.</summary>
    internal void SetHealthyUntil(long forNs)
    {
        if (_lease != null)
        {
            World.Note($"{Name} is healthy for {forNs / World.Ms} ms");
            _lease.HealthyUntilNs = NowNs + forNs;
        }
    }

    internal void BecomeHealthy()
    {
        if (_lease != null)
        {
            _lease.HealthyUntilNs = long.MaxValue;
        }
    }

    protected override void OnStart()
    {
        _loopPausedUntilNs = 0;
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

    protected override void OnCrash()
    {
        _lease = null;
        _attempt++;
        _answers.Clear();
        _abandoned = new AbandonedCreates();
        Publish();
    }

    private void Hold(GrantedSession granted, long sentNs)
    {
        disk.SessionId = granted.Key.SessionId;
        disk.Secret = granted.Secret;
        _lease = new SessionLease(granted, World.Conditions.Bounds, sentNs, NowNs);
        _answers.Clear();
        BeginItems();
        _lastStepNs = NowNs;
        World.Witness.Created(this, granted.Key.Epoch);
        Step();
    }

    private void Take(RenewalAnswer answer, long sentNs)
    {
        if (answer.Status == SessionStatus.NotLeader)
        {
            _master++;
        }

        _answers.Enqueue((answer, sentNs));
        Step();
    }

    private void Step()
    {
        if (World.Agenda.NowNs < _loopPausedUntilNs)
        {
            World.Agenda.At(_loopPausedUntilNs, () => Deliver(Step));
            return;
        }

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
            Ask(asking);
        }

        Publish();
        WakeUp();
    }

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

    private void Ask(Asking asking)
    {
        SessionKey key = _lease!.Key;
        long sentNs = NowNs;
        long answeredBefore = _answered;
        World.Witness.Asked(this, asking, sentNs, _lease.RenewalIntervalMs);
        MasterProcess master = Master;
        World.Network.Send(this, master, () => master.KeepAlive(this, key, asking, answer =>
        {
            _answered++;
            Take(answer, sentNs);
        }));

        // No answer within the interval: the next master.
        AfterLocal(_lease.RenewalIntervalMs * World.Ms, () =>
        {
            if (_answered == answeredBefore)
            {
                _master++;
            }
        });
    }

    private long _answered;

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
