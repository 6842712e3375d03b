namespace Interop.Sessions.Follower;

/// <summary>
/// What others may see at once, in the order in which it happened: the caller shows the news before it lets go of its lock.
/// Showing takes memory only, and runs no code of the host.
/// </summary>
public abstract record LifeNews
{
    private LifeNews()
    {
    }

    /// <summary>A session is held: answers to its renewals belong to this follower, and its writes are numbered from the beginning.</summary>
    public sealed record Held(GrantedSession Granted) : LifeNews;

    /// <summary>The session's state has changed.</summary>
    public sealed record Moved(SessionInfo Info) : LifeNews;

    /// <summary>The session's identity is drained, for another reason than before, or not any more.</summary>
    public sealed record Drained(SessionInfo Info) : LifeNews;

    /// <summary>The session is lost: answers to its renewals belong to no follower.</summary>
    /// <param name="Info">Which, and why.</param>
    /// <param name="LowerEpoch">The lower master epoch that has ended it; null: something else did.</param>
    public sealed record Lost(SessionInfo Info, ulong? LowerEpoch) : LifeNews;

    /// <summary>Nobody holds what the nonce has made, from then on: the next create of the identity names it.</summary>
    public sealed record Abandoned(ulong Nonce, long FromNs) : LifeNews;

    /// <summary>One callback more waits: <see cref="SessionLife.TakeCallback"/> once more, on the host's thread.</summary>
    public sealed record CallbackWaits : LifeNews
    {
        /// <summary>The only one.</summary>
        public static CallbackWaits One { get; } = new();
    }

    /// <summary>There is a lease, for callers that wait for one.</summary>
    public sealed record LeaseCame(SessionInfo Info) : LifeNews;

    /// <summary>A lease that a caller watches refuses.</summary>
    public sealed record LeaseWent : LifeNews;

    /// <summary>There will be none: the follower is being closed.</summary>
    public sealed record NoLeaseComes : LifeNews;
}
