using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Interop.Sessions.Follower;

/// <summary>A create in progress.</summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "Neither timer nor link nor wait handle is ever made: nothing to dispose of.")]
internal sealed class CreateOperation
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly Action<SessionException?, SessionInfo?> _completion;

    internal CreateOperation(Action<SessionException?, SessionInfo?> completion) => _completion = completion;

    internal CancellationToken Cancellation => _cancelled.Token;

    /// <summary>Set when the completion has returned.</summary>
    internal ManualResetEventSlim Completed { get; } = new();

    /// <summary>Asks it to end early, with Cancelled; too late is no error.</summary>
    internal void Cancel() => _cancelled.Cancel();

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
