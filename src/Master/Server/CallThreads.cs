using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// The threads on which calls other than renewals are answered. The thread pool is left to the transport and to renewals,
/// so that a renewal never waits behind thousands of calls that came at once.
/// </summary>
/// <remarks><see cref="CallAdmission"/> bounds the calls that wait: a call has one task at a time.</remarks>
internal sealed class CallThreads : TaskScheduler, IDisposable
{
    [ThreadStatic]
    private static CallThreads? s_current;

    private readonly Inbox<Task> _waiting = new();
    private readonly Thread[] _threads = new Thread[Math.Clamp(Environment.ProcessorCount, 2, Limits.MaxCallThreads)];

    /// <param name="unexpected">Told, on the thread, of what is thrown and is no task's; null: nobody is.</param>
    internal CallThreads(Action<Exception>? unexpected = null)
    {
        Action<Exception> told = unexpected ?? (_ => { });
        try
        {
            for (int i = 0; i < _threads.Length; i++)
            {
                _threads[i] = OwnThread.New("sessions-serve", Round, told);
                _threads[i].StartOrRefuse();
            }
        }
        catch
        {
            // The threads that did start end by themselves.
            _waiting.End();
            throw;
        }
    }

    /// <summary>Ends the threads when nothing waits; what comes later runs on the pool.</summary>
    public void Dispose()
    {
        _waiting.End();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    protected override void QueueTask(Task task)
    {
        if (_waiting.Add(task) == Queued.Waits)
        {
            return;
        }

        // The rest of a call that outlived the server's patience.
        ThreadPool.UnsafeQueueUserWorkItem(TryExecute, task, preferLocal: false);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        s_current == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _waiting.ToArray();

    private void TryExecute(Task task) => TryExecuteTask(task);

    // A task keeps what it throws. What is thrown all the same is no caller's, and must not take the thread from the next one.
    private bool Round()
    {
        s_current = this;
        if (_waiting.Take() is not { } task)
        {
            return false;
        }

        TryExecuteTask(task);
        return true;
    }
}
