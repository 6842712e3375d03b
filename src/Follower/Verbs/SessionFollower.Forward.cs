using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Client;

namespace Interop.Sessions.Follower;

/// <content>
/// What is forwarded to the master for the session: items, access points, data reports. Every task ends with the answer, with a
/// <see cref="SessionException"/>, or, if the caller's token ended it, with an <see cref="OperationCanceledException"/>.
/// </content>
public sealed partial class SessionFollower
{
    /// <summary>Sets an item, durably, and gives its revision.</summary>
    /// <param name="expectedEpoch">The epoch of the session that the caller means.</param>
    /// <param name="key">1 to <see cref="Limits.MaxItemKeyBytes"/> bytes of UTF-8.</param>
    /// <param name="value">The item's bytes; they must stay as they are until the task ends.</param>
    /// <param name="compareRevision">The revision it must have; 0: it must not exist; null: any.</param>
    /// <param name="timeoutMs">For all attempts; 1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellationToken">Ends the call early. It leaves open whether the change was made.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_set_item.</exception>
    public Task<ulong> SetItemAsync(
        ulong expectedEpoch, string key, ReadOnlyMemory<byte> value, ulong? compareRevision = null,
        uint timeoutMs = Limits.DefaultCallTimeoutMs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) => _manager.Client.SetItemAsync(session, key, value, compareRevision, timeoutMs, ending),
            cancellationToken);
    }

    /// <summary>Removes an item, durably. Parameters as for <see cref="SetItemAsync"/>.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_remove_item.</exception>
    public Task RemoveItemAsync(
        ulong expectedEpoch, string key, ulong? compareRevision = null, uint timeoutMs = Limits.DefaultCallTimeoutMs,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) => Answered(
                _manager.Client.RemoveItemAsync(session, key, compareRevision, timeoutMs, ending)),
            cancellationToken);
    }

    /// <summary>Makes several changes of items, durably, all of them or none, and gives their revision.</summary>
    /// <param name="expectedEpoch">The epoch of the session that the caller means.</param>
    /// <param name="changes">1 to <see cref="Limits.MaxItemChanges"/>, each key once; they must stay as they are until the task ends.</param>
    /// <param name="timeoutMs">For all attempts; 1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellationToken">Ends the call early. It leaves open whether they were made.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_apply_items.</exception>
    public Task<ulong> ApplyItemsAsync(
        ulong expectedEpoch, IReadOnlyList<ItemChange> changes, uint timeoutMs = Limits.DefaultCallTimeoutMs,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) =>
            {
                ItemChanges.Require(changes);
                return _manager.Client.ApplyItemsAsync(session, changes, timeoutMs, ending);
            },
            cancellationToken);
    }

    /// <summary>One item.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_get_item.</exception>
    public Task<Item> GetItemAsync(
        ulong expectedEpoch, string key, uint timeoutMs = Limits.DefaultCallTimeoutMs,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) => _manager.Client.GetItemAsync(session.Key, key, timeoutMs, ending), cancellationToken);
    }

    /// <summary>The items whose key begins with a prefix, in byte order of the keys.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_list_items.</exception>
    public Task<IReadOnlyList<Item>> ListItemsAsync(
        ulong expectedEpoch, string prefix = "", uint timeoutMs = Limits.DefaultCallTimeoutMs,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) => _manager.Client.ListItemsAsync(session.Key, prefix, timeoutMs, ending), cancellationToken);
    }

    /// <summary>Sessions of all servers, in order of id, as the master has them stored.</summary>
    /// <param name="expectedEpoch">The epoch of the caller's own session.</param>
    /// <param name="identityPrefix">What their identity begins with.</param>
    /// <param name="fromSessionId">The first id that may come; 0: from the start.</param>
    /// <param name="limit">
    /// How many at most; 0: <see cref="Limits.DefaultSessionsPerPage"/>. With a prefix a page may have fewer, even none, and the next one
    /// others: the last one's <see cref="SessionPage.NextSessionId"/> is 0.
    /// </param>
    /// <param name="timeoutMs">For all attempts.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_list_sessions.</exception>
    public Task<SessionPage> ListSessionsAsync(
        ulong expectedEpoch, string identityPrefix = "", ulong fromSessionId = 0, uint limit = 0,
        uint timeoutMs = Limits.DefaultCallTimeoutMs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identityPrefix);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) =>
            {
                SessionPage.RequireLimit(limit);
                return _manager.Client.ListSessionsAsync(session.Key, identityPrefix, fromSessionId, limit, timeoutMs, ending);
            },
            cancellationToken);
    }

    /// <summary>The session that an identity holds.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_find_session.</exception>
    public Task<SessionRow> FindSessionAsync(
        ulong expectedEpoch, string identity, uint timeoutMs = Limits.DefaultCallTimeoutMs,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) => _manager.Client.FindSessionAsync(session.Key, identity, timeoutMs, ending), cancellationToken);
    }

    /// <summary>The items of any session whose key begins with a prefix, in byte order of the keys.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_list_session_items.</exception>
    public Task<IReadOnlyList<Item>> ListSessionItemsAsync(
        ulong expectedEpoch, ulong sessionId, string prefix = "", uint timeoutMs = Limits.DefaultCallTimeoutMs,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) => _manager.Client.ListSessionItemsAsync(session.Key, sessionId, prefix, timeoutMs, ending),
            cancellationToken);
    }

    /// <summary>Which alive server gives access to an object?</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_find_access_point.</exception>
    public Task<AccessPoint> FindAccessPointAsync(
        ulong expectedEpoch, AccessPointKind kind, string objectName, uint timeoutMs = Limits.DefaultCallTimeoutMs,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objectName);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) => _manager.Client.FindAccessPointAsync(session.Key, kind, objectName, timeoutMs, ending),
            cancellationToken);
    }

    /// <summary>Ends the assignment of an object; the next find assigns the object again.</summary>
    /// <param name="expectedEpoch">The epoch of the caller's own session.</param>
    /// <param name="kind">How the object is reached.</param>
    /// <param name="objectName">The object.</param>
    /// <param name="found">
    /// What FindAccessPointAsync answered: a newer assignment is left as it is. Null: whichever assignment there is.
    /// </param>
    /// <param name="timeoutMs">For all attempts.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_release_access_point.</exception>
    public Task ReleaseAccessPointAsync(
        ulong expectedEpoch, AccessPointKind kind, string objectName, AccessPoint? found = null,
        uint timeoutMs = Limits.DefaultCallTimeoutMs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objectName);
        return ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) => Answered(_manager.Client.ReleaseAccessPointAsync(
                session.Key, kind, objectName, found, timeoutMs, ending)),
            cancellationToken);
    }

    /// <summary>Sends the pids that exist within a window; gives the window to report next.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_report_data.</exception>
    public Task<ReportWindow> ReportDataAsync(
        ulong expectedEpoch, ReportWindow window, ReadOnlyMemory<ulong> pids,
        uint timeoutMs = Limits.DefaultCallTimeoutMs, CancellationToken cancellationToken = default) =>
        ForwardAsync(
            expectedEpoch, timeoutMs,
            (session, ending) =>
            {
                window.RequireAll(pids.Span);
                return _manager.Client.ReportDataAsync(session, window, pids, timeoutMs, ending);
            },
            cancellationToken);

    /// <summary>Every call of the follower goes through here: refused at once, or ended by the caller's token or by a close.</summary>
    private async Task<T> ForwardAsync<T>(
        ulong expectedEpoch, uint timeoutMs, Func<HeldSession, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken)
    {
        HeldSession session = Require(expectedEpoch, timeoutMs);
        using CancellationTokenSource? either = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token)
            : null;
        try
        {
            return await call(session, either?.Token ?? _closing.Token).ConfigureAwait(false);
        }
        catch (SessionException ended) when (IsByCaller(ended, cancellationToken))
        {
            throw new OperationCanceledException(ended.Message, ended, cancellationToken);
        }
    }

    private static async Task<bool> Answered(Task call)
    {
        await call.ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// A caller whose own token ended the call expects .NET's own exception; a close is told as
    /// <see cref="SessionStatus.Cancelled"/>.
    /// </summary>
    private static bool IsByCaller(SessionException ended, CancellationToken cancellationToken) =>
        ended.Status == SessionStatus.Cancelled && cancellationToken.IsCancellationRequested;

    private static void RequireTimeout(uint timeoutMs)
    {
        if (timeoutMs is 0 or > Limits.MaxTimeoutMs)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"timeout_ms is {timeoutMs}; it must be 1 to {Limits.MaxTimeoutMs}");
        }
    }

    private HeldSession Require(ulong expectedEpoch, uint timeoutMs)
    {
        RequireTimeout(timeoutMs);
        lock (_gate)
        {
            return new HeldSession(_life.Require(expectedEpoch), _writes);
        }
    }
}
