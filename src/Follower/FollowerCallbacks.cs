namespace Interop.Sessions.Follower;

/// <summary>
/// What the host of a follower wants to hear. All run on the follower's callback thread, one at a time, in order; they may
/// block, which delays only later callbacks of the same follower.
/// </summary>
public class FollowerCallbacks
{
    /// <summary>Step 5 of a create: negotiate capabilities, take the report window.</summary>
    /// <returns>
    /// A refusal, or false, gives the session back; the create ends RefusedByHost, with the reason in its message. So does a
    /// <see cref="SessionException"/> of that status, whose message says why.
    /// </returns>
    public virtual Verdict SessionCreated(SessionInfo session) => Verdict.Accept;

    /// <summary>
    /// The session is gone for good: stop serving. Exactly once for each session that SessionCreated saw, and complete
    /// before SessionCreated of the next.
    /// </summary>
    public virtual void SessionLost(SessionInfo session)
    {
    }

    /// <summary>
    /// The state changed between Alive, Suspect and Jeopardy; or, in the same state, the session's identity is drained, or not any more
    /// (<see cref="SessionInfo.IsDraining"/>).
    /// </summary>
    public virtual void StateChanged(SessionInfo session)
    {
    }

    /// <summary>Called once, the very last: the follower is closed, and what its callbacks use may go.</summary>
    public virtual void Released()
    {
    }
}
