using System;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>
/// A chunk server around the product's <see cref="SessionLife"/>: a loop that lets its time pass, a host that hears of it and wishes
/// for sessions, and a data path that reads the lease word all the while. It renews through the book of its process.
/// </summary>
internal sealed partial class SimFollower
{
    private readonly FollowerProcess _process;
    private readonly ServerDisk _disk;
    private readonly SimRandom _random;
    private SessionLife _life;
    private long _lastTurnNs;
    private int _wakes;

    internal SimFollower(FollowerProcess process, ServerDisk disk, SimRandom random)
    {
        _process = process;
        _disk = disk;
        _random = random;
        Name = $"{disk.Identity}@{process.Name}";
        _life = NewLife();
    }

    internal FollowerProcess Process => _process;

    internal string Name { get; }

    internal string Identity => _disk.Identity;

    internal ServerDisk Disk => _disk;

    internal bool IsUp => _process.IsUp;

    /// <summary>Counts starts of its process.</summary>
    internal int Run => _process.Run;

    /// <summary>Another process has taken its session up: it gets no new one.</summary>
    internal bool IsSuperseded => _process.IsSuperseded;

    internal SessionState State => _life.State;

    internal SessionKey? Held => _life.Held;

    /// <summary>Until when its host vouches for itself.</summary>
    internal long HealthyUntilNs => _life.Health.UntilNs;

    /// <summary>Has it a session that it renews?</summary>
    internal bool IsRenewing => _life is { Held: not null, IsClosing: false } && NowNs < HealthyUntilNs;

    /// <summary>Does it want something of a leader just now?</summary>
    internal bool IsAsking => IsRenewing || (_asked is { IsOver: false } wish && wish.Asker == _life);

    /// <summary>By which it renewed last.</summary>
    internal uint IntervalMs { get; private set; }

    private World World => _process.World;

    private long NowNs => _process.NowNs;

    private double Random01 => _random.Below(1000) / 1000.0;

    internal bool Holds(ulong sessionId) => _life.Held?.SessionId == sessionId;

    internal void OnStart()
    {
        _life = NewLife();
        UseData();
        Supervise();
        WishLater(0);
    }

    internal void OnCrash()
    {
        _life = NewLife();
        _asked = null;
        _abandoned = new AbandonedCreates();
        WordEpoch = 0;
        WordDeadlineNs = 0;
    }

    /// <summary>An answer of the master.</summary>
    internal void Take(RenewalAnswer answer, long sentNs)
    {
        _life.Answered(answer, sentNs);
        Turn();
    }

    private SessionLife NewLife() => new(
        Identity, World.Conditions.Bounds, NextPolicy(),
        description => new SimWish(description, NextConnection(), Limits.DefaultCreateTimeoutMs), () => Random01);

    private void AtLocal(long localNs, Action action) => _process.AtLocal(localNs, action);

    private void AfterLocal(long delayNs, Action action) => _process.AfterLocal(delayNs, action);

    private void Turn() => _process.WhenCollected(() =>
    {
        if (_life.IsClosing)
        {
            return;
        }

        long nowNs = NowNs;
        bool wasAway = WasAway(nowNs);
        _lastTurnNs = nowNs;
        PendingRenewal? due = Do(life => life.Turn(nowNs));
        foreach (JudgedAnswer judged in _life.Judged)
        {
            World.Witness.Heard(this, judged.LeaderEpoch, judged.Answer, judged.IsExtended);
        }

        if (wasAway)
        {
            // Every answer so far was to a question from before.
            World.Witness.RefusesAfterPause(this, WordDeadlineNs);
        }

        if (due is { } renewal)
        {
            IntervalMs = renewal.IntervalMs;
            World.Witness.Asked(this, renewal.IsInquiry ? Asking.Inquiry : Asking.Renewal, nowNs, renewal.IntervalMs);
            _process.Renew(renewal);
        }
    });

    /// <summary>For half its term: a check, which asks for the term only where that could be.</summary>
    private bool WasAway(long nowNs) =>
        nowNs - _lastTurnNs > 500 * World.Ms && _life.Info is { TermMs: > 0 } info && nowNs - _lastTurnNs > info.TermMs * World.Ms / 2;

    private void WakeUp()
    {
        int wake = ++_wakes;
        if (!_life.IsClosing && _life.NextWakeNs != long.MaxValue)
        {
            AtLocal(_life.NextWakeNs, () =>
            {
                if (wake == _wakes)
                {
                    Turn();
                }
            });
        }
    }
}
