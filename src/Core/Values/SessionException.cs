using System;

namespace Interop.Sessions;

/// <summary>The one error type of the product: a status, and a message that names the argument and the limit.</summary>
public sealed class SessionException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="status">Never <see cref="SessionStatus.Ok"/>.</param>
    /// <param name="message">For the person who must act on it.</param>
    /// <param name="innerException">The cause, if another library reported it.</param>
    public SessionException(SessionStatus status, string message, Exception? innerException = null)
        : base(message, innerException) => Status = status;

    /// <summary>A master has too much to do, and did nothing.</summary>
    /// <param name="whatIsFull">And how full.</param>
    /// <param name="retryAfterMs">When it makes sense to ask again.</param>
    public static SessionException Overloaded(string whatIsFull, uint retryAfterMs) =>
        new(SessionStatus.Overloaded, whatIsFull) { RetryAfterMs = retryAfterMs };

    /// <summary>No caller waits for the call any more.</summary>
    /// <param name="mayBeDone">Was it sent before?</param>
    public static SessionException CancelledCall(bool mayBeDone) =>
        new(SessionStatus.Cancelled, "cancelled, or the follower was closed meanwhile") { IsOutcomeUnknown = mayBeDone };

    /// <summary>What waits at a master for its turn is not done: no caller waits for it any more.</summary>
    public static SessionException NotAwaited() => new(SessionStatus.Cancelled, "the caller does not wait any more");

    /// <summary>
    /// What was thrown, as the one error type: the one place that says what an exception of the runtime is. Nobody knows how far the
    /// call had got.
    /// </summary>
    public static SessionException Of(Exception thrown) => thrown switch
    {
        SessionException known => known,
        OutOfMemoryException => new SessionException(
            SessionStatus.OutOfResources, "this process has no memory or no thread left for the call", thrown)
        {
            IsOutcomeUnknown = true,
        },
        _ => new SessionException(SessionStatus.Internal, thrown.ToString(), thrown) { IsOutcomeUnknown = true },
    };

    /// <summary>What went wrong.</summary>
    public SessionStatus Status { get; }

    /// <summary>
    /// What was asked may have been done, or may still be. Of a store: the store did not say whether it has taken the change,
    /// or took a part of it, and only a new leadership can know. False: nothing was done.
    /// </summary>
    public bool IsOutcomeUnknown { get; init; }

    /// <summary>The same call may succeed in a while: what failed was away or busy. False: a person must mend something.</summary>
    public bool IsPassing { get; init; }

    /// <summary>For how long it makes no sense to ask again, in milliseconds; 0: not known.</summary>
    public uint RetryAfterMs { get; init; }

    /// <summary>With <see cref="SessionStatus.NotLeader"/>: the leader's "host:port" if it is known.</summary>
    public string? LeaderHint { get; init; }
}
