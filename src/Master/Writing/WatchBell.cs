using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Writing;

/// <summary>Rung when something is durable that a watch may have to say, or when there will be no more. Where nobody waits it costs a look.</summary>
internal sealed class WatchBell
{
    private TaskCompletionSource? _next;

    /// <summary>Done at the next ring. A watch that takes it before it looks at the table misses nothing.</summary>
    internal Task Next
    {
        get
        {
            if (Volatile.Read(ref _next) is { } awaited)
            {
                return awaited.Task;
            }

            TaskCompletionSource made = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _next, made, null) ?? made).Task;
        }
    }

    /// <summary>Wakes all who wait.</summary>
    internal void Ring()
    {
        if (Volatile.Read(ref _next) != null)
        {
            Interlocked.Exchange(ref _next, null)?.TrySetResult();
        }
    }
}
