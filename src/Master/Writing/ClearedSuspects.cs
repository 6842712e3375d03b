using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Writing;

/// <summary><see cref="SuspectClears{T}"/> between the threads that receive renewals and that of the writer.</summary>
/// <param name="commits">The writer.</param>
internal sealed class ClearedSuspects(CommitQueue commits)
{
    private readonly Lock _lock = new();
    private readonly SuspectClears<Task<SessionStatus>> _clears = new();

    /// <summary>Done when the store has forgotten every mark that was set before the call; or why it has not.</summary>
    internal Task<SessionStatus> ClearAsync(SessionKey key)
    {
        lock (_lock)
        {
            SuspectClear<Task<SessionStatus>> clear = _clears.For(key, out bool isNew);
            if (isNew)
            {
                clear.Waits = BeginAsync(clear);
            }

            return clear.Waits!;
        }
    }

    private async Task<SessionStatus> BeginAsync(SuspectClear<Task<SessionStatus>> clear)
    {
        try
        {
            return await commits.WriteAsync(table => Decide(clear, table), SuspectClears.IsBounded).ConfigureAwait(false);
        }
        catch (SessionException failure)
        {
            lock (_lock)
            {
                _clears.Forget(clear);
            }

            return failure.Status;
        }
    }

    private SessionStatus Decide(SuspectClear<Task<SessionStatus>> clear, SessionTable table)
    {
        lock (_lock)
        {
            _clears.Decide(clear, table);
            return SessionStatus.Ok;
        }
    }
}
