using System;
using System.Threading.Tasks;

namespace Interop.Sessions.Protocol;

/// <summary>
/// Failures of tasks that nobody waits for any more: whoever waited has given up, and was told so. .NET raises
/// <see cref="TaskScheduler.UnobservedTaskException"/> for such a task, and a host that logs or ends on it would hear of a fault that is none.
/// </summary>
public static class UnheardFailures
{
    /// <summary>Ends a task with a failure, unless it has ended; only those who wait for it hear of it.</summary>
    /// <returns>False: it had ended.</returns>
    public static bool TryFail(this TaskCompletionSource end, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(end);
        bool isEnded = end.TrySetException(failure);
        _ = end.Task.Exception;
        return isEnded;
    }

    /// <inheritdoc cref="TryFail(TaskCompletionSource, Exception)"/>
    public static bool TryFail<T>(this TaskCompletionSource<T> end, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(end);
        bool isEnded = end.TrySetException(failure);
        _ = end.Task.Exception;
        return isEnded;
    }

    /// <summary>A task of which only those who wait for it shall hear, if anybody still does when it fails.</summary>
    public static Task HeardByWaiters(this Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _ = task.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
        return task;
    }
}
