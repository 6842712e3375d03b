using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Tests.Support;

/// <summary>
/// Time that passes when a test says so. Each timer and each waiting thread has its turn at its own time, one after the other; a
/// thread that was woken is waited for until it waits again, so that none finds that much time has passed at once.
/// </summary>
internal sealed class VirtualTime : BootTime, IDisposable
{
    private const int StepMs = 5;

    /// <summary>A thread that was woken and does not come back within this hangs in something else.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>The threads that wait again and again: any other that is woken goes on to something else.</summary>
    private static readonly string?[] s_loops =
        ["sessions-alive", "sessions-check", "sessions-commit", "sessions-lead", "sessions-lease"];

    private readonly object _lock = new();
    private readonly Lock _passing = new();
    private readonly SortedSet<Turn> _turns = new(Comparer<Turn>.Create((one, other) => one.At.CompareTo(other.At)));
    private readonly HashSet<Thread> _woken = [];
    private readonly ManualResetEventSlim _isOver = new();
    private Thread? _flow;
    private long _nowNs = BootClock.NowNs;
    private long _made;

    public override long NowNs => Volatile.Read(ref _nowNs);

    /// <summary>Does a thread wait for a time to come?</summary>
    internal bool HasSleepers
    {
        get
        {
            lock (_lock)
            {
                return _turns.Any(turn => turn.Sleeper != null);
            }
        }
    }

    /// <summary>Waits until threads of these names wait for a time to come. What a machine does by itself begins with that.</summary>
    internal void AwaitSleepers(params string[] names)
    {
        Stopwatch real = Stopwatch.StartNew();
        while (!AreAsleep(names))
        {
            if (real.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new TimeoutException($"after {real.Elapsed}, not all of {string.Join(", ", names)} wait for a time");
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>So many milliseconds pass.</summary>
    internal void Pass(long ms)
    {
        lock (_passing)
        {
            long untilNs = NowNs + Ns.FromMs(ms);
            while (TryTakeTurn(untilNs, out Turn? next))
            {
                next.Run();
                AwaitWoken();
            }

            Volatile.Write(ref _nowNs, untilNs);
        }
    }

    /// <summary>
    /// Time passes until something is so; false: it is not after so many milliseconds. Between its steps there is a moment for what
    /// goes by no time of ours: the network, and whoever answers over it.
    /// </summary>
    internal bool PassUntil(Func<bool> isSo, long mostMs)
    {
        for (long passedMs = 0; !isSo(); passedMs += StepMs)
        {
            if (passedMs >= mostMs)
            {
                return false;
            }

            Pass(StepMs);
            Thread.Sleep(1);
        }

        return true;
    }

    /// <summary>From now on it passes by itself, as the machine's does: for who waits for an end.</summary>
    internal void Flow()
    {
        if (_flow == null)
        {
            _flow = new Thread(() =>
            {
                Stopwatch real = Stopwatch.StartNew();
                for (long passedMs = 0; !_isOver.Wait(1);)
                {
                    long ms = real.ElapsedMilliseconds - passedMs;
                    passedMs += ms;
                    Pass(ms);
                }
            })
            {
                IsBackground = true,
                Name = "virtual-time",
            };
            _flow.Start();
        }
    }

    public void Dispose()
    {
        _isOver.Set();
        _flow?.Join();
    }

    protected override void WaitAtGate(object gate, int timeoutMs)
    {
        if (timeoutMs == 0)
        {
            return;
        }

        Turn? turn = Sleep(timeoutMs, () =>
        {
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        });
        Monitor.Wait(gate);
        Leave(turn);
    }

    protected override bool WaitFor(ManualResetEventSlim happened, int timeoutMs)
    {
        CancellationTokenSource come = new();
        Turn? turn = Sleep(timeoutMs, come.Cancel);
        try
        {
            happened.Wait(come.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return happened.IsSet;
        }
        finally
        {
            Leave(turn);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The caller's thread has had its turn, and has another when a time has passed; -1: it has none.</summary>
    private Turn? Sleep(int timeoutMs, Action wake)
    {
        lock (_lock)
        {
            _woken.Remove(Thread.CurrentThread);
            Monitor.PulseAll(_lock);
            return timeoutMs < 0 ? null : Add(NowNs + Ns.FromMs(timeoutMs), wake, Thread.CurrentThread);
        }
    }

    private Turn Add(long atNs, Action run, Thread? sleeper)
    {
        lock (_lock)
        {
            Turn turn = new((atNs, ++_made), run, sleeper);
            _turns.Add(turn);
            return turn;
        }
    }

    private void Leave(Turn? turn)
    {
        if (turn != null)
        {
            lock (_lock)
            {
                _turns.Remove(turn);
            }
        }
    }

    private bool TryTakeTurn(long untilNs, [NotNullWhen(true)] out Turn? next)
    {
        lock (_lock)
        {
            next = _turns.FirstOrDefault();
            if (next == null || next.At.Ns > untilNs)
            {
                return false;
            }

            _turns.Remove(next);
            Volatile.Write(ref _nowNs, Math.Max(_nowNs, next.At.Ns));
            if (s_loops.Contains(next.Sleeper?.Name))
            {
                _woken.Add(next.Sleeper!);
            }

            return true;
        }
    }

    private bool AreAsleep(string[] names)
    {
        lock (_lock)
        {
            return names.All(name => _turns.Any(turn => turn.Sleeper?.Name == name));
        }
    }

    private void AwaitWoken()
    {
        lock (_lock)
        {
            _woken.RemoveWhere(thread => !thread.IsAlive);
            while (_woken.Count > 0)
            {
                if (!Monitor.Wait(_lock, s_patience))
                {
                    _woken.Clear();
                }
            }
        }
    }

    private sealed record Turn((long Ns, long Number) At, Action Run, Thread? Sleeper);

    private sealed class VirtualTimer(VirtualTime time, Action callback) : ITimer
    {
        private Turn? _turn;
        private TimeSpan _period;
        private bool _isOver;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time.Leave(_turn);
                _period = period;
                _turn = _isOver || dueTime == Timeout.InfiniteTimeSpan ? null : time.Add(time.NowNs + (dueTime.Ticks * 100), Run, null);
                return !_isOver;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                _isOver = true;
                time.Leave(_turn);
                _turn = null;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Run()
        {
            lock (time._lock)
            {
                if (_isOver)
                {
                    return;
                }

                _turn = _period > TimeSpan.Zero ? time.Add(time.NowNs + (_period.Ticks * 100), Run, null) : null;
            }

            callback();
        }
    }
}
