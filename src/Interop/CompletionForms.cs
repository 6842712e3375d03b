using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;

namespace Interop.Sessions;

/// <summary>
/// A follower's verbs for hosts that wait for nothing. Every Begin that returns makes exactly one call of its completion, on the
/// callback thread, with the failure or the answer; one that throws makes none. All take the parameters of the task, and throw
/// TooManyObjects when <see cref="Limits.MaxForwardsInProgress"/> calls are in progress. What they give back cancels the call.
/// </summary>
internal static class CompletionForms
{
    /// <summary>As SetItemAsync.</summary>
    internal static CancellationTokenSource BeginSetItem(
        this SessionFollower follower, ulong expectedEpoch, string key, ReadOnlyMemory<byte> value, ulong? compareRevision,
        uint timeoutMs, Action<SessionException?, ulong> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.SetItemAsync(expectedEpoch, key, value, compareRevision, timeoutMs, ending), completion);

    /// <summary>As RemoveItemAsync.</summary>
    internal static CancellationTokenSource BeginRemoveItem(
        this SessionFollower follower, ulong expectedEpoch, string key, ulong? compareRevision, uint timeoutMs,
        Action<SessionException?> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.RemoveItemAsync(expectedEpoch, key, compareRevision, timeoutMs, ending), completion);

    /// <summary>As ApplyItemsAsync.</summary>
    internal static CancellationTokenSource BeginApplyItems(
        this SessionFollower follower, ulong expectedEpoch, IReadOnlyList<ItemChange> changes, uint timeoutMs,
        Action<SessionException?, ulong> completion)
    {
        ItemChanges.Require(changes);
        return Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.ApplyItemsAsync(expectedEpoch, changes, timeoutMs, ending), completion);
    }

    /// <summary>As GetItemAsync.</summary>
    internal static CancellationTokenSource BeginGetItem(
        this SessionFollower follower, ulong expectedEpoch, string key, uint timeoutMs,
        Action<SessionException?, Item?> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.GetItemAsync(expectedEpoch, key, timeoutMs, ending), completion);

    /// <summary>As ListItemsAsync.</summary>
    internal static CancellationTokenSource BeginListItems(
        this SessionFollower follower, ulong expectedEpoch, string prefix, uint timeoutMs,
        Action<SessionException?, IReadOnlyList<Item>?> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.ListItemsAsync(expectedEpoch, prefix, timeoutMs, ending), completion);

    /// <summary>As ListSessionsAsync.</summary>
    internal static CancellationTokenSource BeginListSessions(
        this SessionFollower follower, ulong expectedEpoch, string identityPrefix, ulong fromSessionId, uint limit, uint timeoutMs,
        Action<SessionException?, SessionPage?> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.ListSessionsAsync(expectedEpoch, identityPrefix, fromSessionId, limit, timeoutMs, ending), completion);

    /// <summary>As FindSessionAsync.</summary>
    internal static CancellationTokenSource BeginFindSession(
        this SessionFollower follower, ulong expectedEpoch, string identity, uint timeoutMs,
        Action<SessionException?, SessionRow?> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.FindSessionAsync(expectedEpoch, identity, timeoutMs, ending), completion);

    /// <summary>As ListSessionItemsAsync.</summary>
    internal static CancellationTokenSource BeginListSessionItems(
        this SessionFollower follower, ulong expectedEpoch, ulong sessionId, string prefix, uint timeoutMs,
        Action<SessionException?, IReadOnlyList<Item>?> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.ListSessionItemsAsync(expectedEpoch, sessionId, prefix, timeoutMs, ending), completion);

    /// <summary>As FindAccessPointAsync.</summary>
    internal static CancellationTokenSource BeginFindAccessPoint(
        this SessionFollower follower, ulong expectedEpoch, AccessPointKind kind, string objectName, uint timeoutMs,
        Action<SessionException?, AccessPoint?> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.FindAccessPointAsync(expectedEpoch, kind, objectName, timeoutMs, ending), completion);

    /// <summary>As ReleaseAccessPointAsync.</summary>
    internal static CancellationTokenSource BeginReleaseAccessPoint(
        this SessionFollower follower, ulong expectedEpoch, AccessPointKind kind, string objectName, AccessPoint? found,
        uint timeoutMs, Action<SessionException?> completion) =>
        Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.ReleaseAccessPointAsync(expectedEpoch, kind, objectName, found, timeoutMs, ending),
            completion);

    /// <summary>As ReportDataAsync.</summary>
    internal static CancellationTokenSource BeginReportData(
        this SessionFollower follower, ulong expectedEpoch, ReportWindow window, ReadOnlyMemory<ulong> pids, uint timeoutMs,
        Action<SessionException?, ReportWindow> completion)
    {
        SessionFollower.RequireWithin(window, pids);
        return Begin(
            follower, expectedEpoch, timeoutMs,
            ending => follower.ReportDataAsync(expectedEpoch, window, pids, timeoutMs, ending), completion);
    }

    private static CancellationTokenSource Begin(
        SessionFollower follower, ulong expectedEpoch, uint timeoutMs, Func<CancellationToken, Task> call,
        Action<SessionException?> completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        return Begin<bool>(
            follower, expectedEpoch, timeoutMs,
            async ending =>
            {
                await call(ending).ConfigureAwait(false);
                return true;
            },
            (failure, _) => completion(failure));
    }

    private static CancellationTokenSource Begin<T>(
        SessionFollower follower, ulong expectedEpoch, uint timeoutMs, Func<CancellationToken, Task<T>> call,
        Action<SessionException?, T?> completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        follower.ExpectCompletion(expectedEpoch, timeoutMs);

        // Neither timer nor link nor wait handle is ever made of it: nothing to dispose of. On a thread of the pool: dialling may
        // take its time, and the caller was promised not to wait.
        CancellationTokenSource cancelled = new();
        _ = Task.Run(() => RunAsync(follower, () => call(cancelled.Token), completion));
        return cancelled;
    }

    private static async Task RunAsync<T>(
        SessionFollower follower, Func<Task<T>> call, Action<SessionException?, T?> completion)
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

        follower.Complete(() => completion(failure, answer));
    }

    private static SessionException FailureOf(Exception error) => error switch
    {
        OperationCanceledException { InnerException: SessionException cancelled } => cancelled,
        _ => SessionException.Of(error),
    };
}
