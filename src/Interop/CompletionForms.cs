using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;

namespace Interop.Sessions;

/// <summary>
/// A follower's verbs for hosts that wait for nothing, all by one form that takes the task. Every Begin that returns makes exactly one
/// call of its completion, on the callback thread, with the failure or the answer; one that throws makes none.
/// </summary>
internal static class CompletionForms
{
    /// <summary>Begins a call, and gives what cancels it.</summary>
    /// <param name="follower">Whose call it is.</param>
    /// <param name="expectedEpoch">As the call has it.</param>
    /// <param name="timeoutMs">The same.</param>
    /// <param name="call">The verb, with what ends it; on a thread of the pool.</param>
    /// <param name="completion">Told its end.</param>
    /// <param name="over">Run after the completion, when the call has given its place back.</param>
    /// <exception cref="SessionException">
    /// What is seen at once; TooManyObjects when <see cref="Limits.MaxForwardsInProgress"/> calls are in progress.
    /// </exception>
    internal static CancellationTokenSource Begin<T>(
        this SessionFollower follower, ulong expectedEpoch, uint timeoutMs, Func<CancellationToken, Task<T>> call,
        Action<SessionException?, T?> completion, Action? over = null)
    {
        ArgumentNullException.ThrowIfNull(completion);
        follower.Ordered.ExpectCompletion(expectedEpoch, timeoutMs);

        // Neither timer nor link nor wait handle is ever made of it: nothing to dispose of. On a thread of the pool: dialling may
        // take its time, and the caller was promised not to wait.
        try
        {
            CancellationTokenSource cancelled = new();
            _ = Task.Run(() => RunAsync(follower, () => call(cancelled.Token), completion, over ?? (() => { })));
            return cancelled;
        }
        catch
        {
            follower.Ordered.ExpectNone();
            throw;
        }
    }

    /// <summary>The same of a call that answers nothing.</summary>
    internal static CancellationTokenSource Begin(
        this SessionFollower follower, ulong expectedEpoch, uint timeoutMs, Func<CancellationToken, Task> call,
        Action<SessionException?> completion, Action? over = null)
    {
        ArgumentNullException.ThrowIfNull(completion);
        return follower.Begin<bool>(
            expectedEpoch, timeoutMs,
            async ending =>
            {
                await call(ending).ConfigureAwait(false);
                return true;
            },
            (failure, _) => completion(failure), over);
    }

    private static async Task RunAsync<T>(
        SessionFollower follower, Func<Task<T>> call, Action<SessionException?, T?> completion, Action over)
    {
        T? answer = default;
        SessionException? failure = null;
        try
        {
            answer = await call().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            failure = FailureOf(error);
        }

        follower.Ordered.Complete(() => completion(failure, answer), over);
    }

    /// <summary>What a task ended with, as the one error type: a cancelled one has it inside.</summary>
    internal static SessionException FailureOf(Exception error) => error switch
    {
        OperationCanceledException { InnerException: SessionException cancelled } => cancelled,
        _ => SessionException.Of(error),
    };
}
