using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Writing;

/// <summary>
/// Renewals of suspects, which are answered when the store has forgotten the mark. However often a holder renews meanwhile, no
/// session has more than one change waiting for it; so it is not refused for what others write.
/// </summary>
/// <param name="commits">The writer.</param>
internal sealed class SuspectClears(CommitQueue commits)
{
    private readonly Lock _lock = new();

    /// <summary>
    /// The clear that waits and is not decided. A clear that is decided may be of an earlier mark, so no further renewal waits
    /// with it.
    /// </summary>
    private readonly Dictionary<SessionKey, Task<SessionStatus>> _waiting = [];

    /// <summary>Done when the store has forgotten every mark that was set before the call; or why it has not.</summary>
    internal Task<SessionStatus> ClearAsync(SessionKey key)
    {
        lock (_lock)
        {
            return _waiting.TryGetValue(key, out Task<SessionStatus>? waiting) ? waiting : _waiting[key] = BeginAsync(key);
        }
    }

    private async Task<SessionStatus> BeginAsync(SessionKey key)
    {
        bool isWaiting = true;
        try
        {
            return await commits.WriteAlwaysAsync(table =>
            {
                // A batch that failed is decided again, and another may wait by then.
                if (isWaiting)
                {
                    isWaiting = false;
                    Forget(key);
                }

                table.ClearSuspect(key);
                return SessionStatus.Ok;
            }).ConfigureAwait(false);
        }
        catch (SessionException failure)
        {
            return failure.Status;
        }
    }

    private void Forget(SessionKey key)
    {
        lock (_lock)
        {
            _waiting.Remove(key);
        }
    }
}
