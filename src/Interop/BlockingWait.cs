using System.Threading.Tasks;

namespace Interop.Sessions;

/// <summary>How a thread of a host waits for a task: without a thread of the pool, and for no longer than the host says.</summary>
internal static class BlockingWait
{
    /// <summary>Waits.</summary>
    /// <param name="task">For this.</param>
    /// <param name="timeoutMs">For so long at most; Timeout.Infinite: however long it takes.</param>
    /// <param name="what">Has not happened then, in words.</param>
    /// <param name="outcome">And what becomes of it.</param>
    /// <exception cref="SessionException">TimedOut, or as the task fails.</exception>
    internal static void For(Task task, int timeoutMs, string what, string outcome)
    {
        if (Task.WaitAny([task], timeoutMs) < 0)
        {
            throw new SessionException(SessionStatus.TimedOut, $"{what} after {timeoutMs} ms; {outcome}") { IsOutcomeUnknown = true };
        }

        task.GetAwaiter().GetResult();
    }
}
