using System;
using System.Collections.Concurrent;
using System.Linq;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>Notes what a follower's host is told, in order.</summary>
internal sealed class NotedCallbacks : FollowerCallbacks
{
    internal ConcurrentQueue<string> Events { get; } = new();

    /// <summary>What SessionCreated does besides.</summary>
    internal Func<SessionInfo, Verdict> OnCreated { get; set; } = _ => true;

    internal Action<SessionInfo> OnLost { get; set; } = _ => { };

    internal int CountOf(string start) => Events.Count(e => e.StartsWith(start, StringComparison.Ordinal));

    public override Verdict SessionCreated(SessionInfo session)
    {
        Events.Enqueue($"created {session.Epoch}");
        return OnCreated(session);
    }

    public override void SessionLost(SessionInfo session)
    {
        OnLost(session);
        Events.Enqueue($"lost {session.Epoch} {session.EndReason}");
    }

    public override void StateChanged(SessionInfo session) => Events.Enqueue($"{session.State}");
}
