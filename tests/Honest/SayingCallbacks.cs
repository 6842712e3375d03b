using System;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Honest;

/// <summary>Says to standard output what it is told.</summary>
internal sealed class SayingCallbacks : FollowerCallbacks
{
    public override Verdict SessionCreated(SessionInfo session)
    {
        Say($"told created {session.Epoch}");
        return true;
    }

    public override void SessionLost(SessionInfo session) => Say($"told lost {session.Epoch} {session.EndReason}");

    public override void StateChanged(SessionInfo session) => Say($"told {session.State} {session.Epoch}");

    /// <summary>A line, whole.</summary>
    internal static void Say(string what) => Console.Out.WriteLine(what);
}
