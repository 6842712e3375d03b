using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;

namespace Interop.Sessions;

/// <summary>
/// A follower's verbs for hosts that wait on a thread of their own, which is never one of the pool: in C all forms of a call have one
/// name, so these have the names of the tasks without their "Async".
/// </summary>
internal static class BlockingForms
{
    /// <summary>As CreateSessionAsync; not in a callback, since it waits for callbacks.</summary>
    internal static SessionInfo CreateSession(
        this SessionFollower follower, ServerDescription description, uint timeoutMs = Limits.DefaultCreateTimeoutMs,
        CancellationToken cancellation = default) =>
        EndOf(follower, completion => follower.Ordered.BeginCreateSession(description, timeoutMs, completion), cancellation);

    /// <summary>As ReattachSessionAsync; not in a callback either.</summary>
    internal static SessionInfo ReattachSession(
        this SessionFollower follower, ulong sessionId, UInt128 secret, uint timeoutMs = Limits.DefaultCreateTimeoutMs,
        CancellationToken cancellation = default) =>
        EndOf(
            follower, completion => follower.Ordered.BeginReattachSession(sessionId, secret, timeoutMs, completion), cancellation);

    /// <summary>As SetItemAsync.</summary>
    internal static ulong SetItem(
        this SessionFollower follower, ulong expectedEpoch, string key, ReadOnlyMemory<byte> value,
        ulong? compareRevision = null, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.SetItemAsync(expectedEpoch, key, value, compareRevision, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As RemoveItemAsync.</summary>
    internal static void RemoveItem(
        this SessionFollower follower, ulong expectedEpoch, string key, ulong? compareRevision = null,
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.RemoveItemAsync(expectedEpoch, key, compareRevision, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As ApplyItemsAsync.</summary>
    internal static ulong ApplyItems(
        this SessionFollower follower, ulong expectedEpoch, IReadOnlyList<ItemChange> changes,
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.ApplyItemsAsync(expectedEpoch, changes, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As GetItemAsync.</summary>
    internal static Item GetItem(
        this SessionFollower follower, ulong expectedEpoch, string key, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.GetItemAsync(expectedEpoch, key, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As ListItemsAsync.</summary>
    internal static IReadOnlyList<Item> ListItems(
        this SessionFollower follower, ulong expectedEpoch, string prefix = "",
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.ListItemsAsync(expectedEpoch, prefix, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As ListSessionsAsync.</summary>
    internal static SessionPage ListSessions(
        this SessionFollower follower, ulong expectedEpoch, string identityPrefix = "", ulong fromSessionId = 0, uint limit = 0,
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.ListSessionsAsync(expectedEpoch, identityPrefix, fromSessionId, limit, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As FindSessionAsync.</summary>
    internal static SessionRow FindSession(
        this SessionFollower follower, ulong expectedEpoch, string identity, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.FindSessionAsync(expectedEpoch, identity, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As ListSessionItemsAsync.</summary>
    internal static IReadOnlyList<Item> ListSessionItems(
        this SessionFollower follower, ulong expectedEpoch, ulong sessionId, string prefix = "",
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.ListSessionItemsAsync(expectedEpoch, sessionId, prefix, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As FindAccessPointAsync.</summary>
    internal static AccessPoint FindAccessPoint(
        this SessionFollower follower, ulong expectedEpoch, AccessPointKind kind, string objectName,
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.FindAccessPointAsync(expectedEpoch, kind, objectName, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As ReleaseAccessPointAsync.</summary>
    internal static void ReleaseAccessPoint(
        this SessionFollower follower, ulong expectedEpoch, AccessPointKind kind, string objectName,
        AccessPoint? found = null, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.ReleaseAccessPointAsync(expectedEpoch, kind, objectName, found, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As ReportDataAsync.</summary>
    internal static ReportWindow ReportData(
        this SessionFollower follower, ulong expectedEpoch, ReportWindow window, ReadOnlyMemory<ulong> pids,
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        follower.ReportDataAsync(expectedEpoch, window, pids, timeoutMs).GetAwaiter().GetResult();

    /// <summary>As CloseAsync; not in a callback.</summary>
    internal static void Close(this SessionFollower follower) => follower.Close(Timeout.Infinite);

    /// <summary>The same, waiting for so many milliseconds at most.</summary>
    /// <exception cref="SessionException">InCallback; TimedOut: the data path refuses, and the close goes on. Another call waits on.</exception>
    internal static void Close(this SessionFollower follower, int timeoutMs)
    {
        RequireOutside(follower.IsInCallback, "Close");
        BlockingWait.For(follower.CloseAsync(), timeoutMs, $"follower '{follower.Identity}' is not closed", "the close goes on");
    }

    /// <summary>As CloseAsync of the manager; not in a callback of one of its followers.</summary>
    internal static void Close(this FollowerManager manager) => manager.Close(Timeout.Infinite);

    /// <summary>The same, waiting for so many milliseconds at most.</summary>
    /// <exception cref="SessionException">InCallback; TimedOut: the data paths refuse, and the close goes on. Another call waits on.</exception>
    internal static void Close(this FollowerManager manager, int timeoutMs)
    {
        if (manager.IsInCallback)
        {
            throw new SessionException(
                SessionStatus.InCallback, "a follower manager cannot be closed from a callback of its follower");
        }

        BlockingWait.For(manager.CloseAsync(), timeoutMs, "the follower manager is not closed", "the close goes on");
    }

    // By the completion itself: the host's thread wakes up without a thread of the pool in between.
    private static SessionInfo EndOf(
        SessionFollower follower, Func<Action<SessionException?, SessionInfo?>, CreateOperation> begin,
        CancellationToken cancellation)
    {
        RequireOutside(follower.IsInCallback, "CreateSession");
        if (cancellation.IsCancellationRequested)
        {
            // Not begun and given up at once: the asking might be faster than the giving up.
            throw SessionException.CancelledCall(mayBeDone: false);
        }

        TaskCompletionSource<SessionInfo> end = new();
        CreateOperation operation = begin((failure, created) =>
        {
            if (failure == null)
            {
                end.SetResult(created!);
            }
            else
            {
                end.SetException(failure);
            }
        });
        using (cancellation.Register(operation.Cancel))
        {
            operation.Wait();
        }

        return end.Task.GetAwaiter().GetResult();
    }

    private static void RequireOutside(bool isInCallback, string verb)
    {
        if (isInCallback)
        {
            throw new SessionException(
                SessionStatus.InCallback, $"{verb} waits for callbacks; in one, use the asynchronous form");
        }
    }
}
