using System;
using System.Threading;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Tests.Support;

/// <summary>A follower's host that does in each callback what the test says, and writes down what it heard.</summary>
internal sealed class RecordingCallbacks(History history) : FollowerCallbacks
{
    private int _running;

    internal Func<SessionInfo, Verdict> OnCreated { get; set; } = _ => true;

    internal Action<SessionInfo> OnLost { get; set; } = _ => { };

    internal Action<SessionInfo> OnStateChanged { get; set; } = _ => { };

    public override Verdict SessionCreated(SessionInfo session) => Alone($"created {session.Epoch}", () => OnCreated(session));

    public override void SessionLost(SessionInfo session) => Alone($"lost {session.Epoch} {session.EndReason}", () =>
    {
        OnLost(session);
        return true;
    });

    public override void StateChanged(SessionInfo session) => Alone($"{session.State} {session.Epoch}", () =>
    {
        OnStateChanged(session);
        return true;
    });

    /// <summary>Writes it down when it has run; two at the same time are written down too.</summary>
    private T Alone<T>(string what, Func<T> callback)
    {
        if (Interlocked.Increment(ref _running) > 1)
        {
            history.Add($"two callbacks at the same time: {what}");
        }

        try
        {
            return callback();
        }
        finally
        {
            history.Add(what);
            Interlocked.Decrement(ref _running);
        }
    }
}
