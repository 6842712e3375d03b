using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Client;

namespace Interop.Sessions.Follower;

/// <content>What is forwarded to the master for the session: items, access points, data reports.</content>
public sealed partial class SessionFollower
{
    /// <summary>Sets an item, durably, and gives its revision.</summary>
    /// <param name="expectedEpoch">The epoch of the session that the caller means.</param>
    /// <param name="key">1 to <see cref="Limits.MaxItemKeyBytes"/> bytes of UTF-8.</param>
    /// <param name="value">Its bytes.</param>
    /// <param name="compareRevision">The revision it must have; 0: it must not exist; null: any.</param>
    /// <param name="timeoutMs">For all attempts; 1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_set_item.</exception>
    public ulong SetItem(
        ulong expectedEpoch, string key, ReadOnlyMemory<byte> value, ulong? compareRevision = null,
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        Wait(_manager.Client.SetItemAsync(
            Require(expectedEpoch, timeoutMs), key, value, compareRevision, timeoutMs, _closing.Token));

    /// <summary>Removes an item, durably. Parameters as for SetItem.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_remove_item.</exception>
    public void RemoveItem(
        ulong expectedEpoch, string key, ulong? compareRevision = null, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        _manager.Client.RemoveItemAsync(Require(expectedEpoch, timeoutMs), key, compareRevision, timeoutMs, _closing.Token)
            .GetAwaiter().GetResult();

    /// <summary>One item.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_get_item.</exception>
    public Item GetItem(ulong expectedEpoch, string key, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        Wait(_manager.Client.GetItemAsync(Require(expectedEpoch, timeoutMs).Key, key, timeoutMs, _closing.Token));

    /// <summary>The items whose key begins with a prefix, in byte order of the keys.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_list_items.</exception>
    public IReadOnlyList<Item> ListItems(
        ulong expectedEpoch, string prefix = "", uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        Wait(_manager.Client.ListItemsAsync(Require(expectedEpoch, timeoutMs).Key, prefix, timeoutMs, _closing.Token));

    /// <summary>Which alive server gives access to an object?</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_find_access_point.</exception>
    public AccessPoint FindAccessPoint(
        ulong expectedEpoch, AccessPointKind kind, string objectName, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        Wait(_manager.Client.FindAccessPointAsync(
            Require(expectedEpoch, timeoutMs).Key, kind, objectName, timeoutMs, _closing.Token));

    /// <summary>Ends the assignment of an object; whoever asks for it next has it assigned anew.</summary>
    /// <param name="expectedEpoch">The epoch of the caller's own session.</param>
    /// <param name="kind">How the object is reached.</param>
    /// <param name="objectName">The object.</param>
    /// <param name="found">
    /// What FindAccessPoint answered: a newer assignment is left as it is. Null: whichever assignment there is.
    /// </param>
    /// <param name="timeoutMs">For all attempts.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_release_access_point.</exception>
    public void ReleaseAccessPoint(
        ulong expectedEpoch, AccessPointKind kind, string objectName, AccessPoint? found = null,
        uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        _manager.Client.ReleaseAccessPointAsync(
            Require(expectedEpoch, timeoutMs).Key, kind, objectName, found, timeoutMs, _closing.Token).GetAwaiter().GetResult();

    /// <summary>Sends the pids that exist within a window; gives the window to report next.</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_report_data.</exception>
    public ReportWindow ReportData(
        ulong expectedEpoch, ReportWindow window, ReadOnlyMemory<ulong> pids,
        uint timeoutMs = Limits.DefaultCallTimeoutMs)
    {
        HeldSession session = Require(expectedEpoch, timeoutMs);
        RequireWithin(window, pids);
        return Wait(_manager.Client.ReportDataAsync(session, window, pids, timeoutMs, _closing.Token));
    }

    // The caller is a thread of the host, never one of the pool.
    private static T Wait<T>(Task<T> call) => call.GetAwaiter().GetResult();

    private static void RequireWithin(ReportWindow window, ReadOnlyMemory<ulong> pids)
    {
        foreach (ulong pid in pids.Span)
        {
            if (pid < window.StartPid || pid - window.StartPid >= window.ReportSize)
            {
                throw new SessionException(
                    SessionStatus.InvalidArgument,
                    $"pid {pid} is outside the window of {window.ReportSize} from {window.StartPid}");
            }
        }
    }

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
            RequireOpen();
            if (_lease is not { State: not SessionState.Lost })
            {
                throw new SessionException(SessionStatus.NoSession, $"follower '{Identity}' has no session");
            }

            return _lease.Key.Epoch == expectedEpoch ? new HeldSession(_lease.Key, _writes) : throw new SessionException(
                SessionStatus.WrongEpoch,
                $"the session of follower '{Identity}' has epoch {_lease.Key.Epoch}, expected_epoch is {expectedEpoch}");
        }
    }
}
