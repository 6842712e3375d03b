using System;
using System.Threading;

namespace Interop.Sessions.Protocol;

/// <summary>Threads of the product's own: small stacks, and an error that says what is missing when there is none to be had.</summary>
public static class OwnThread
{
    /// <summary>Makes one that is not started yet and that keeps no process alive.</summary>
    /// <param name="name">What operators see.</param>
    /// <param name="body">What it runs.</param>
    /// <param name="stackBytes">One that runs code of the host takes <see cref="Limits.CallbackStackBytes"/>.</param>
    public static Thread New(string name, ThreadStart body, int stackBytes = Limits.OwnStackBytes) =>
        new(body, stackBytes) { IsBackground = true, Name = name };

    /// <summary>One that outlives what no code of it expected: what a round throws is told, and the next round comes.</summary>
    /// <param name="name">What operators see.</param>
    /// <param name="round">What it does again and again; false: that was the last.</param>
    /// <param name="unexpected">Told of what a round throws, on the thread; it may throw itself.</param>
    /// <param name="stackBytes">As of the other.</param>
    public static Thread New(string name, Func<bool> round, Action<Exception> unexpected, int stackBytes = Limits.OwnStackBytes) =>
        New(name, () => LastCatch.Rounds(round, unexpected), stackBytes);

    /// <summary>Starts it.</summary>
    /// <exception cref="SessionException">OutOfResources: the process may have no more threads, or no memory for a stack.</exception>
    public static void StartOrRefuse(this Thread thread)
    {
        ArgumentNullException.ThrowIfNull(thread);
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException error)
        {
            throw new SessionException(
                SessionStatus.OutOfResources,
                $"no thread for '{thread.Name}': the process is at its limit of threads (pids.max, RLIMIT_NPROC) or of memory", error);
        }
    }
}
