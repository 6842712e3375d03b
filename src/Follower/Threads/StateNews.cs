using System;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Threads;

/// <summary>
/// Changes of state on their way to the host. They come as long as the network pleases, also while a callback hangs: so beyond some
/// that wait, the latest one takes the place of the one before. The host hears the first of them, and always the last.
/// </summary>
/// <param name="thread">Of the host's callbacks.</param>
/// <param name="tell">Tells it.</param>
internal sealed class StateNews(CallbackThread thread, Action<SessionInfo> tell)
{
    private readonly Lock _lock = new();
    private Change? _latest;
    private int _waiting;

    internal void Post(SessionInfo info)
    {
        Change change;
        lock (_lock)
        {
            if (_waiting >= Limits.MaxWaitingStateChanges && _latest is { } latest)
            {
                latest.Info = info;
                return;
            }

            _waiting++;
            change = new Change(info);
            _latest = change;
        }

        thread.Post(() => tell(Take(change)));
    }

    /// <summary>Something else is told now: what comes is told after it.</summary>
    internal void Break()
    {
        lock (_lock)
        {
            _latest = null;
        }
    }

    private SessionInfo Take(Change change)
    {
        lock (_lock)
        {
            _waiting--;
            if (_latest == change)
            {
                _latest = null;
            }

            return change.Info;
        }
    }

    private sealed class Change(SessionInfo info)
    {
        internal SessionInfo Info { get; set; } = info;
    }
}
