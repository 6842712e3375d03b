using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Hooks;

/// <summary>
/// The threads of one way of hooks. The first thread is there from the beginning and stays, so that the host is called however
/// short of threads the process is; others are added when all are busy, and go when they are idle.
/// </summary>
/// <remarks>Everything within the gate of <see cref="HookThreads"/>, but for the waiting of an idle thread.</remarks>
/// <param name="way">Of its threads.</param>
/// <param name="round">What a thread does again and again; false: it has ended.</param>
/// <param name="unexpected">Told of what a round throws.</param>
/// <param name="time">By which a thread is idle.</param>
internal sealed class HookPool(HookWay way, Func<HookPool.Worker, bool> round, Action<Exception> unexpected, BootTime time)
{
    private readonly List<Worker> _idle = [];

    internal HookWay Way => way;

    /// <summary>Its threads.</summary>
    internal int Count { get; private set; }

    /// <summary>Starts the first thread.</summary>
    internal void Start() => _idle.Add(NewWorker());

    /// <summary>A thread that has nothing to do. The latest to have had is the next, so that those that are not needed go.</summary>
    internal bool TryGetIdle([NotNullWhen(true)] out Worker? worker)
    {
        if (_idle.Count > 0)
        {
            worker = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            return true;
        }

        worker = null;
        if (Count < way.MostRunning())
        {
            try
            {
                worker = NewWorker();
            }
            catch (Exception error) when (Count > 0 && error is SessionException or OutOfMemoryException)
            {
                // The system has no thread left, or no memory: those that there are do it, later.
            }
        }

        return worker != null;
    }

    internal void BecomesIdle(Worker worker) => _idle.Add(worker);

    /// <summary>A thread that has been idle for long: may it go?</summary>
    internal bool TryLeave(Worker worker, bool isLast)
    {
        if ((Count == 1 && !isLast) || !_idle.Remove(worker))
        {
            return false;
        }

        Count--;
        return true;
    }

    /// <summary>All idle threads look up.</summary>
    internal void WakeIdle() => _idle.ForEach(worker => worker.Wake());

    private Worker NewWorker()
    {
        Worker worker = new(this, time);
        // Where it has nothing to do later, there is no place that needs memory.
        _idle.EnsureCapacity(Count + 1);
        OwnThread.New(NameOf(way), () => round(worker), unexpected, Limits.CallbackStackBytes).StartOrRefuse();
        Count++;
        return worker;
    }

    private static string NameOf(HookWay way) => way switch
    {
        HookWay.Call => "sessions-hook",
        HookWay.End => "sessions-end",
        _ => "sessions-news",
    };

    /// <summary>One thread.</summary>
    internal sealed class Worker(HookPool pool, BootTime time) : IDisposable
    {
        private readonly ManualResetEventSlim _given = new();
        private Hook<HookWork>? _next;

        internal HookPool Pool => pool;

        /// <summary>In the gate.</summary>
        internal void Give(Hook<HookWork> hook)
        {
            _next = hook;
            Wake();
        }

        /// <summary>In the gate, as what it is woken for is seen there.</summary>
        internal void Wake() => _given.Set();

        /// <summary>Outside the gate. False: nothing has come for long.</summary>
        internal bool Wait() => time.Wait(_given, Limits.HookThreadIdleMs);

        /// <summary>The thread has ended, and the pool no longer knows it.</summary>
        public void Dispose() => _given.Dispose();

        /// <summary>In the gate: what was given to it.</summary>
        internal Hook<HookWork>? TakeGiven()
        {
            _given.Reset();
            (Hook<HookWork>? given, _next) = (_next, null);
            return given;
        }
    }
}
