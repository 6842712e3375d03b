using System;
using System.Collections.Generic;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>A process on a machine of its own: it pauses (SIGSTOP), crashes, and starts again knowing nothing.</summary>
internal abstract class SimProcess(World world, string name, SimClock clock)
{
    /// <summary>What has reached the process while it was stopped, in order: it happens when the process runs again.</summary>
    private readonly Queue<(int Run, Action Action)> _putOff = new();

    private long _pausedUntilNs;

    internal string Name => name;

    internal bool IsUp { get; private set; }

    /// <summary>Counts starts: what an earlier run had planned does not happen in this one.</summary>
    internal int Run { get; private set; }

    internal bool IsPaused => world.Agenda.NowNs < _pausedUntilNs;

    internal SimClock Clock => clock;

    internal World World => world;

    /// <summary>What the process reads when it asks for the time.</summary>
    internal long NowNs => clock.NowNs;

    internal void Start()
    {
        if (!IsUp && !IsRetired)
        {
            IsUp = true;
            Run++;
            _pausedUntilNs = 0;
            world.Note($"{name} starts");
            OnStart();
        }
    }

    /// <summary>Gone for ever; what it had sent is gone too.</summary>
    internal bool IsRetired { get; private set; }

    /// <summary>For ever.</summary>
    internal void Retire()
    {
        Crash();
        IsRetired = true;
    }

    internal void Crash()
    {
        if (IsUp)
        {
            world.Note($"{name} crashes");
            IsUp = false;
            _putOff.Clear();
            OnCrash();
        }
    }

    internal void Pause(long forNs)
    {
        if (IsUp)
        {
            _pausedUntilNs = Math.Max(_pausedUntilNs, world.Agenda.NowNs + forNs);
            world.Note($"{name} is stopped for {forNs / World.Ms} ms");
            world.Agenda.At(_pausedUntilNs, Awake);
        }
    }

    /// <summary>It runs again before its time; what was put off until then happens now, and none of it later.</summary>
    internal void Resume()
    {
        _pausedUntilNs = 0;
        Awake();
    }

    /// <summary>Something reaches the process, now or when it runs again.</summary>
    internal void Deliver(Action arrival) => Do(Run, arrival);

    /// <summary>Plans something by the process's own clock.</summary>
    internal void AtLocal(long localNs, Action action) => world.Agenda.At(clock.TrueTimeOf(localNs), this, Run, action);

    internal void AfterLocal(long delayNs, Action action) => AtLocal(NowNs + delayNs, action);

    protected abstract void OnStart();

    protected abstract void OnCrash();

    /// <summary>Happens if it is up and still that run of it: now, or when it is awake.</summary>
    internal void Do(int run, Action action)
    {
        if (!IsUp || run != Run)
        {
            return;
        }

        if (IsPaused)
        {
            _putOff.Enqueue((run, action));
            return;
        }

        action();
    }

    // Each of them is stopped by a longer pause, which ends by an awakening of its own.
    private void Awake()
    {
        while (!IsPaused && _putOff.TryDequeue(out (int Run, Action Action) arrived))
        {
            Do(arrived.Run, arrived.Action);
        }
    }
}
