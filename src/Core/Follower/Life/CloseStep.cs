namespace Interop.Sessions.Follower;

/// <summary>
/// What is next on the way of a close. Each but <see cref="Wait"/> is given out once, and done before the next is asked for.
/// </summary>
public enum CloseStep
{
    /// <summary>End the calls that are in progress.</summary>
    EndCalls,

    /// <summary>Nothing until a callback or a completion has returned.</summary>
    Wait,

    /// <summary>Tell the master of <see cref="SessionLife.ToClose"/>; a master that cannot be told is no reason to stop.</summary>
    TellMaster,

    /// <summary>The word and the identity are free for others, and the host hears the last of it.</summary>
    LetGo,

    /// <summary>The follower is closed.</summary>
    Over,
}
