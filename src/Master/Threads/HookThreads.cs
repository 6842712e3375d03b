using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Threads;

/// <summary>
/// The threads on which a master calls its AccessManager: a few, each identity always on the same, so that hooks about one
/// identity keep their order and a hook that blocks holds up neither the pool nor renewals.
/// </summary>
internal sealed class HookThreads : IDisposable
{
    private readonly BlockingCollection<Action>[] _queues = new BlockingCollection<Action>[Limits.HookThreads];
    private readonly Thread[] _threads = new Thread[Limits.HookThreads];

    internal HookThreads()
    {
        for (int i = 0; i < _threads.Length; i++)
        {
            BlockingCollection<Action> queue = [];
            _queues[i] = queue;
            _threads[i] = new Thread(() => Run(queue)) { IsBackground = true, Name = $"sessions-hook-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Is the caller inside a hook?</summary>
    internal bool IsCurrent => _threads.Any(thread => thread == Thread.CurrentThread);

    /// <summary>Runs a hook after those of the same identity that were posted before.</summary>
    /// <exception cref="SessionException">Cancelled: the master stops.</exception>
    internal Task<T> RunAsync<T>(string identity, Func<T> hook)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(identity, () =>
        {
            try
            {
                done.SetResult(hook());
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
        try
        {
            _queues[(uint)identity.GetHashCode(StringComparison.Ordinal) % (uint)_queues.Length].Add(hook);
        }
        catch (InvalidOperationException)
        {
            throw new SessionException(SessionStatus.Cancelled, "the master stops");
        }
    }

    /// <summary>Runs what was posted and ends the threads.</summary>
    public void Dispose()
    {
        foreach (BlockingCollection<Action> queue in _queues)
        {
            queue.CompleteAdding();
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private static void Run(BlockingCollection<Action> queue)
    {
        foreach (Action hook in queue.GetConsumingEnumerable())
        {
            hook();
        }
    }
}
