using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Hooks;

/// <summary>
/// The threads on which a master calls its AccessManager, in the order of a <see cref="HookOrder{T}"/>. Ends of sessions have
/// threads of their own, so neither many ends nor calls that hang keep the others waiting; news of leaderships has threads of its own too.
/// </summary>
/// <remarks>Not the thread pool: hooks may block, and renewals run there.</remarks>
internal sealed partial class HookThreads : IDisposable
{
    [ThreadStatic]
    private static HookThreads? s_current;

    private readonly object _gate = new();
    private readonly HookOrder<HookWork> _queue = new();
    private readonly HookPool _calls;
    private readonly HookPool _ends;
    private readonly HookPool _news;
    private readonly ILogger _logger;
    private readonly BootTime _time;
    private readonly MasterMetrics _metrics;
    private readonly LogBudgets _budgets = new();
    private bool _announces;
    private bool _refusesCalls;
    private bool _isEnding;

    /// <param name="logger">Where it goes that a stop waits.</param>
    /// <param name="time">By which hooks are late.</param>
    /// <param name="metrics">Told how long they take.</param>
    internal HookThreads(ILogger logger, BootTime time, MasterMetrics metrics)
    {
        _metrics = metrics;
        _logger = logger;
        _time = time;
        Action<Exception> unexpected = LastCatch.To(logger);
        _calls = new HookPool(HookWay.Call, Round, unexpected, time);
        _ends = new HookPool(HookWay.End, Round, unexpected, time);
        _news = new HookPool(HookWay.Leadership, Round, unexpected, time);
    }

    /// <summary>Is the caller inside a hook?</summary>
    internal bool IsCurrent => s_current == this;

    /// <summary>The numbers of hooks, and of their threads.</summary>
    internal MasterStatistics AddTo(MasterStatistics statistics)
    {
        lock (_gate)
        {
            return statistics with
            {
                HooksWaiting = _queue.WaitingOn(HookWay.Call),
                EndsWaiting = _queue.WaitingOn(HookWay.End),
                HooksRunning = _queue.Running,
                HookThreads = _calls.Count + _ends.Count,
            };
        }
    }

    /// <summary>Starts a thread of each way.</summary>
    internal void Start()
    {
        lock (_gate)
        {
            _calls.Start();
            _ends.Start();
            _news.Start();
        }

        BeginLooks();
    }

    /// <summary>Runs a hook after those of the same identity that were posted before.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="name">Which hook.</param>
    /// <param name="hook">What to run.</param>
    /// <param name="bytes">Of what it brings.</param>
    /// <param name="isAdmitted">As in <see cref="HookOrder{T}.PostCall"/>.</param>
    /// <param name="awaited">Cancelled when no caller waits for the hook any more: a hook that has not begun by then is not run.</param>
    /// <param name="leadership">The number of the leadership in which the hook was asked for; 0: none.</param>
    /// <exception cref="SessionException">
    /// Overloaded; NotLeader: that leadership has ended; Cancelled: the master stops, or nobody waits.
    /// </exception>
    internal async Task<T> RunAsync<T>(
        string identity, string name, Func<T> hook, long bytes, bool isAdmitted, CancellationToken awaited, ulong leadership = 0)
    {
        HookCall<T> call = new(hook);
        Hook<HookWork> posted;
        lock (_gate)
        {
            if (_refusesCalls)
            {
                throw Stopping();
            }

            posted = _queue.PostCall(identity, name, call, bytes, isAdmitted, _time.NowNs, leadership);
            Dispatch(_calls);
        }

        using CancellationTokenRegistration gone = awaited.UnsafeRegister(_ => Drop(posted), null);
        return await call.Done.ConfigureAwait(false);
    }

    /// <summary>Tells the host of an end, sooner or later; it throws nothing.</summary>
    internal void PostEnd(string identity, string name, Action hook, ulong leadership = 0)
    {
        lock (_gate)
        {
            if (!_isEnding)
            {
                _queue.PostEnd(identity, name, new HookNews(hook), leadership);
                Dispatch(_ends);
            }
        }
    }

    /// <summary>From now on the host is told of leaderships; until then hooks of theirs wait.</summary>
    internal void Announce()
    {
        lock (_gate)
        {
            _announces = true;
            Dispatch(_news);
        }
    }

    /// <summary>Hooks of a leadership are taken from now on; what tells the host of it is kept until then.</summary>
    internal void EnterLeadership(ulong leadership, string name, Action begins, Action ends)
    {
        HookNews beginning = new(begins);
        HookNews end = new(ends);
        lock (_gate)
        {
            _queue.EnterLeadership(leadership, name, beginning, end);
        }
    }

    /// <summary>A leadership has begun: the host hears of it before any hook of it runs.</summary>
    internal void BeginLeadership(ulong leadership)
    {
        lock (_gate)
        {
            _queue.BeginLeadership(leadership);
            Dispatch(_news);
        }
    }

    /// <summary>A leadership has ended: the host hears of that after the last of its hooks.</summary>
    internal void EndLeadership(ulong leadership)
    {
        IReadOnlyCollection<Hook<HookWork>> dropped = [];
        try
        {
            lock (_gate)
            {
                dropped = _queue.EndLeadership(leadership);
                Dispatch(_news);
            }
        }
        finally
        {
            FailAll(dropped, HookWays.RefusalOfPast);
        }
    }

    /// <summary>Calls that wait are refused from now on; those that run go on.</summary>
    internal void RefuseCalls()
    {
        IReadOnlyCollection<Hook<HookWork>> dropped;
        lock (_gate)
        {
            _refusesCalls = true;
            dropped = _queue.DropAll(HookWay.Call);
        }

        FailAll(dropped, Stopping);
    }

    /// <summary>
    /// Refuses calls, tells ends for <see cref="Limits.StopTimeoutMs"/> at most, and waits for every hook that runs and news of
    /// leaderships behind it, however long that takes: what a hook uses may be gone when this method has returned.
    /// </summary>
    public void Dispose()
    {
        _stuckLook?.Dispose();
        RefuseCalls();
        lock (_gate)
        {
            AwaitEnds();
            _isEnding = true;
            // Whoever queued it may not have come to that.
            Dispatch(_news);
            _calls.WakeIdle();
            _ends.WakeIdle();
            _news.WakeIdle();
            long nextNs = _time.NowNs + Ns.FromMs(Limits.HookSayMs);
            while (_calls.Count + _ends.Count + _news.Count > 0)
            {
                _time.Wait(_gate, Limits.HookSayMs);
                if (_time.NowNs >= nextNs && _queue.Longest is { } longest)
                {
                    nextNs = _time.NowNs + Ns.FromMs(Limits.HookSayMs);
                    MasterLog.StopWaits(
                        _logger, _queue.Running, longest.Name, longest.Identity, longest.RunsForMs(_time.NowNs) / 1000);
                }
            }
        }
    }

    private static SessionException Stopping() => new(SessionStatus.Cancelled, "the master stops");

    private void AwaitEnds()
    {
        long untilNs = _time.NowNs + Ns.FromMs(Limits.StopTimeoutMs);
        while (_queue.WaitingOn(HookWay.End) > 0)
        {
            long leftMs = Ns.ToMs(untilNs - _time.NowNs);
            if (leftMs <= 0)
            {
                MasterLog.EndsNotTold(_logger, _queue.DropAll(HookWay.End).Count);
                return;
            }

            _time.Wait(_gate, (int)leftMs);
        }
    }

    private void Drop(Hook<HookWork> hook)
    {
        bool isRun;
        lock (_gate)
        {
            _queue.Drop(hook);
            isRun = hook.HasBegun;
        }

        // One that was dropped before has its refusal, unless there was no memory for that.
        if (!isRun)
        {
            hook.Work.Fail(SessionException.NotAwaited());
        }
    }

    // Their callers wait for nothing else but their own ends: there, whom no refusal reached here hears of it.
    private static void FailAll(IReadOnlyCollection<Hook<HookWork>> dropped, Func<SessionException> refusal)
    {
        foreach (Hook<HookWork> left in dropped)
        {
            try
            {
                left.Work.Fail(refusal());
            }
            catch (OutOfMemoryException)
            {
                // The next may find some.
            }
        }
    }

    private void Dispatch(HookPool pool)
    {
        long nowNs = _time.NowNs;
        while ((pool != _news || _announces) && _queue.IsReady(pool.Way) && pool.TryGetIdle(out HookPool.Worker? worker))
        {
            Hook<HookWork> hook;
            try
            {
                hook = _queue.Take(pool.Way, nowNs)!;
            }
            catch
            {
                // One that is neither idle nor at work would be waited for, without end.
                pool.BecomesIdle(worker);
                throw;
            }

            // The worker's from here on: one that could not be woken finds it when it looks up by itself.
            worker.Give(hook);
        }
    }

    // In the gate, on a thread of a pool. Nobody else need come by who gives out what is ready: after a throw this thread does, at once.
    private void DispatchAll(HookPool.Worker worker)
    {
        try
        {
            Dispatch(_calls);
            Dispatch(_ends);
            Dispatch(_news);
        }
        catch
        {
            worker.Wake();
            throw;
        }
    }

    private bool Round(HookPool.Worker worker)
    {
        s_current = this;
        if (!Await(worker, out Hook<HookWork>? hook, out long nowNs))
        {
            worker.Dispose();
            return false;
        }

        if (hook != null)
        {
            try
            {
                Run(hook, nowNs);
            }
            finally
            {
                // Whatever was thrown: behind a hook that is never done its identity would wait, and a stop for its thread.
                Finish(worker, hook);
            }
        }

        return true;
    }

    private void Run(Hook<HookWork> hook, long beganNs)
    {
        try
        {
            hook.Work.Run();
        }
        catch (Exception error)
        {
            try
            {
                MasterLog.HookThrew(_logger, _budgets, hook.Name, hook.Identity, error);
            }
            catch (Exception)
            {
                // The log itself may have thrown.
            }
        }

        _metrics.NoteHook(hook.Name, _time.NowNs - beganNs);
    }

    /// <summary>False: the thread ends. True without a hook: it was for nothing, and it waits again.</summary>
    private bool Await(HookPool.Worker worker, out Hook<HookWork>? hook, out long nowNs)
    {
        bool isWoken = worker.Wait();
        lock (_gate)
        {
            // Before the hook is taken: where this throws, the next round finds it where it is.
            nowNs = _time.NowNs;
            hook = worker.TakeGiven();
            if (hook == null)
            {
                DispatchAll(worker);
            }

            bool mayLeave = hook == null && (!isWoken || _isEnding);
            if (!mayLeave || !worker.Pool.TryLeave(worker, MayLeaveNone(worker.Pool)))
            {
                return true;
            }

            Monitor.PulseAll(_gate);
            return false;
        }
    }

    // The end of a leadership is told behind its last hook.
    private bool MayLeaveNone(HookPool pool) => _isEnding && (pool != _news || !_queue.HasLeaderships);

    private void Finish(HookPool.Worker worker, Hook<HookWork> hook)
    {
        lock (_gate)
        {
            try
            {
                _queue.Done(hook);
            }
            finally
            {
                worker.Pool.BecomesIdle(worker);
            }

            if (_isEnding)
            {
                worker.Wake();
                _news.WakeIdle();
            }

            // Somebody may wait for the last of them.
            Monitor.PulseAll(_gate);
            DispatchAll(worker);
        }
    }
}
