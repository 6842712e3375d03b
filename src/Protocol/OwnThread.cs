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
