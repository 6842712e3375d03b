using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Threads;

/// <summary>
/// The threads on which a master calls its AccessManager. The hooks of one identity run one after the other, in the order
/// of the calls; other identities do not wait for them: a thread is added when all are busy, and goes when it is idle.
/// </summary>
/// <remarks>Not the thread pool: hooks may block, and renewals run there.</remarks>
internal sealed class HookThreads : IDisposable
{
    private readonly object _gate = new();

    /// <summary>The waiting hooks of each identity that has a hook running or waiting.</summary>
    private readonly Dictionary<string, Queue<Action>> _hooks = new(StringComparer.Ordinal);

    /// <summary>Identities with a waiting hook and none running.</summary>
    private readonly Queue<string> _ready = new();
    private readonly List<Thread> _threads = [];
    private int _idle;
    private bool _isEnding;

    /// <summary>Is the caller inside a hook?</summary>
    internal bool IsCurrent
    {
        get
        {
            lock (_gate)
            {
                return _threads.Contains(Thread.CurrentThread);
            }
        }
    }

    /// <summary>Runs a hook after those of the same identity that were posted before.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="hook">What to run.</param>
    /// <param name="awaited">Cancelled when nobody waits for it any more: then it is not run.</param>
    /// <exception cref="SessionException">Cancelled: the master stops, or nobody waits.</exception>
    internal Task<T> RunAsync<T>(string identity, Func<T> hook, CancellationToken awaited = default)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(identity, () =>
        {
            try
            {
                done.SetResult(awaited.IsCancellationRequested
                    ? throw new SessionException(SessionStatus.Cancelled, "the caller does not wait any more")
                    : hook());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    /// <summary>As RunAsync, for a hook that nobody waits for and that throws nothing.</summary>
    internal void Post(string identity, Action hook)
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                throw new SessionException(SessionStatus.Cancelled, "the master stops");
            }

            if (_hooks.TryGetValue(identity, out Queue<Action>? waiting))
            {
                waiting.Enqueue(hook);
                return;
            }

            _hooks.Add(identity, new Queue<Action>([hook]));
            _ready.Enqueue(identity);
            if (_ready.Count > _idle && _threads.Count < Limits.MaxHookThreads)
            {
                AddThread();
            }
            else
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Runs what was posted and ends the threads.</summary>
    public void Dispose()
    {
        Thread[] threads;
        lock (_gate)
        {
            _isEnding = true;
            Monitor.PulseAll(_gate);
            threads = [.. _threads];
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    private void AddThread()
    {
        Thread thread = new(Run, Limits.CallbackStackBytes) { IsBackground = true, Name = "sessions-hook" };
        _threads.Add(thread);
        thread.Start();
    }

    private void Run()
    {
        while (Take(out string? identity, out Action? hook))
        {
            hook!();
            Finish(identity!);
        }
    }

    private bool Take(out string? identity, out Action? hook)
    {
        lock (_gate)
        {
            while (!_ready.TryDequeue(out identity))
            {
                if (_isEnding || !AwaitWork())
                {
                    _threads.Remove(Thread.CurrentThread);
                    hook = null;
                    return false;
                }
            }

            hook = _hooks[identity].Dequeue();
            return true;
        }
    }

    private bool AwaitWork()
    {
        _idle++;
        bool isWoken = Monitor.Wait(_gate, Limits.HookThreadIdleMs);
        _idle--;
        return isWoken || _ready.Count > 0;
    }

    private void Finish(string identity)
    {
        lock (_gate)
        {
            if (_hooks[identity].Count > 0)
            {
                // Behind the others: an identity with many hooks must not keep them waiting.
                _ready.Enqueue(identity);
            }
            else
            {
                _hooks.Remove(identity);
            }
        }
    }
}
