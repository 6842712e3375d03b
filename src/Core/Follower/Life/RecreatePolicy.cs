namespace Interop.Sessions.Follower;

/// <summary>What a follower does when its session is lost.</summary>
public enum RecreatePolicy
{
    /// <summary>Nothing: the host decides, and creates the next session itself.</summary>
    Never = 0,

    /// <summary>
    /// After SessionLost has returned, a new session is created as the last one was, with another epoch, and all callbacks
    /// of a create run. Tried until it succeeds, the host refuses it, or the follower is closed. Not after a close,
    /// and not for a session that was re-attached: the follower does not know its item.
    /// </summary>
    AfterLoss = 1,
}
