using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower;

/// <summary>A create or re-attach in progress (<see cref="IOrderedCalls"/>).</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "Neither timer nor link nor wait handle is ever made: nothing to dispose of.")]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CreateOperation : SessionWish
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly SessionFollower _follower;
    private readonly Action<SessionException?, SessionInfo?> _completion;

    internal CreateOperation(
        SessionFollower follower, ServerDescription description, uint timeoutMs,
        Action<SessionException?, SessionInfo?> completion)
        : base(description, SystemRandom.NextConnection(), timeoutMs) => (_follower, _completion) = (follower, completion);

    internal CreateOperation(
        SessionFollower follower, ulong sessionId, UInt128 secret, uint timeoutMs,
        Action<SessionException?, SessionInfo?> completion)
        : base(sessionId, secret, SystemRandom.NextConnection(), timeoutMs) => (_follower, _completion) = (follower, completion);

    internal CancellationToken Cancellation => _cancelled.Token;

    /// <summary>Set when the completion has returned.</summary>
    internal ManualResetEventSlim Completed { get; } = new();

    /// <summary>Until the completion has returned; so not in a callback of the follower.</summary>
    public void Wait() => Completed.Wait(CancellationToken.None);

    /// <summary>Asks it to end early, with Cancelled; too late is no error.</summary>
    public void Cancel() => _follower.GiveUp(this);

    /// <summary>Ends its calls to the master.</summary>
    internal void StopAsking() => _cancelled.Cancel();

    /// <summary>On the callback thread, once.</summary>
    internal void Complete(SessionException? failure, SessionInfo? created)
    {
        try
        {
            _completion(failure, created);
        }
        finally
        {
            Completed.Set();
        }
    }
}
