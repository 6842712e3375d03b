using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Follower;

/// <content>ReattachSession: a process that was restarted within the term goes on with the session of the one before.</content>
public sealed partial class SessionFollower
{
    /// <summary>
    /// Takes up a session by its id and secret, which the earlier process kept from its <see cref="SessionInfo"/>; then as
    /// CreateSessionAsync: all callbacks run, and the epoch is the same. The caller vouches that the earlier process is gone: a
    /// live one is refused its renewals from now on, but its data path serves until its own deadline.
    /// </summary>
    /// <param name="sessionId">Whose.</param>
    /// <param name="secret">Of the session; good for one re-attach.</param>
    /// <param name="timeoutMs">For everything up to the master's answer; 1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellationToken">Ends it early, with Cancelled; a session that was granted meanwhile is given back.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_reattach_session.</exception>
    public Task<SessionInfo> ReattachSessionAsync(
        ulong sessionId, UInt128 secret, uint timeoutMs = Limits.DefaultCreateTimeoutMs,
        CancellationToken cancellationToken = default) =>
        EndOfAsync(completion => Ordered.BeginReattachSession(sessionId, secret, timeoutMs, completion), cancellationToken);

    CreateOperation IOrderedCalls.BeginReattachSession(
        ulong sessionId, UInt128 secret, uint timeoutMs, Action<SessionException?, SessionInfo?> completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        RequireTimeout(timeoutMs);
        return Begin(new CreateOperation(this, sessionId, secret, timeoutMs, completion));
    }
}
