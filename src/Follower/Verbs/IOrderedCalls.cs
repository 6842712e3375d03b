using System;
using System.ComponentModel;

namespace Interop.Sessions.Follower;

/// <summary>
/// The calls of a <see cref="SessionFollower"/> for a host that waits for no task and hears of their ends in the order of its callbacks,
/// on the callback thread: the C library is such a host. Others call the follower's own methods.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IOrderedCalls
{
    /// <summary>As <see cref="SessionFollower.CreateSessionAsync"/>.</summary>
    /// <param name="description">What the server says of itself.</param>
    /// <param name="timeoutMs">For everything up to the master's answer; 1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="completion">
    /// The failure or the session; on the callback thread, after the callbacks of step 6, exactly once.
    /// </param>
    /// <exception cref="SessionException">SessionExists; Cancelled: the follower is closed; InvalidArgument.</exception>
    CreateOperation BeginCreateSession(
        ServerDescription description, uint timeoutMs, Action<SessionException?, SessionInfo?> completion);

    /// <summary>As <see cref="SessionFollower.ReattachSessionAsync"/>, with a completion as that of BeginCreateSession.</summary>
    /// <param name="sessionId">Whose.</param>
    /// <param name="secret">Of the session; good for one re-attach.</param>
    /// <param name="timeoutMs">For everything up to the master's answer; 1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="completion">The failure or the session.</param>
    /// <exception cref="SessionException">SessionExists; Cancelled: the follower is closed; InvalidArgument.</exception>
    CreateOperation BeginReattachSession(
        ulong sessionId, UInt128 secret, uint timeoutMs, Action<SessionException?, SessionInfo?> completion);

    /// <summary>
    /// Any other call for the session is about to begin: it is refused at once, or a close waits until <see cref="Complete"/> or
    /// <see cref="ExpectNone"/> was called for it, once.
    /// </summary>
    /// <param name="expectedEpoch">As the call has it.</param>
    /// <param name="timeoutMs">The same.</param>
    /// <exception cref="SessionException">
    /// As the call; TooManyObjects: <see cref="Limits.MaxForwardsInProgress"/> calls have a place already.
    /// </exception>
    void ExpectCompletion(ulong expectedEpoch, uint timeoutMs);

    /// <summary>Runs an expected completion on the callback thread, behind all that was posted before.</summary>
    /// <param name="completion">It.</param>
    /// <param name="over">Run when the call's place is given back: who hears of its end has room for the next.</param>
    void Complete(Action completion, Action over);

    /// <summary>No completion is run for the call that one was expected of: it could not begin.</summary>
    void ExpectNone();

    /// <summary>As <see cref="SessionFollower.CloseAsync"/>.</summary>
    /// <param name="closed">The very last callback but <see cref="FollowerCallbacks.Released"/>.</param>
    /// <exception cref="SessionException">Cancelled: it is being closed already, so another callback is the last.</exception>
    void BeginClose(Action closed);
}
