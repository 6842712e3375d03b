using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Client;

namespace Interop.Sessions.Follower;

/// <content>
/// What is forwarded without blocking. Every Begin that returns makes exactly one call of its completion, on the callback
/// thread, with the failure or the answer; one that throws makes none. All take the parameters of the blocking form, and
/// throw TooManyObjects when <see cref="Limits.MaxForwardsInProgress"/> calls are in progress.
/// </content>
public sealed partial class SessionFollower
{
    /// <summary>Calls in progress, and one for the follower itself: at 0 no completion can come any more.</summary>
    private readonly CountdownEvent _forwards = new(1);

    /// <summary>As SetItem.</summary>
    public ForwardOperation BeginSetItem(
        ulong expectedEpoch, string key, ReadOnlyMemory<byte> value, ulong? compareRevision, uint timeoutMs,
        Action<SessionException?, ulong> completion) =>
        BeginForward(
            expectedEpoch, timeoutMs,
            (session, cancellation) =>
                _manager.Client.SetItemAsync(session, key, value, compareRevision, timeoutMs, cancellation),
            completion);

    /// <summary>As RemoveItem.</summary>
    public ForwardOperation BeginRemoveItem(
        ulong expectedEpoch, string key, ulong? compareRevision, uint timeoutMs, Action<SessionException?> completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        return BeginForward<bool>(
            expectedEpoch, timeoutMs,
            async (session, cancellation) =>
            {
                await _manager.Client.RemoveItemAsync(session, key, compareRevision, timeoutMs, cancellation)
                    .ConfigureAwait(false);
                return true;
            },
            (failure, _) => completion(failure));
    }

    /// <summary>As GetItem.</summary>
    public ForwardOperation BeginGetItem(
        ulong expectedEpoch, string key, uint timeoutMs, Action<SessionException?, Item?> completion) =>
        BeginForward(
            expectedEpoch, timeoutMs,
            (session, cancellation) => _manager.Client.GetItemAsync(session.Key, key, timeoutMs, cancellation),
            completion);

    /// <summary>As ListItems.</summary>
    public ForwardOperation BeginListItems(
        ulong expectedEpoch, string prefix, uint timeoutMs,
        Action<SessionException?, IReadOnlyList<Item>?> completion) =>
        BeginForward(
            expectedEpoch, timeoutMs,
            (session, cancellation) => _manager.Client.ListItemsAsync(session.Key, prefix, timeoutMs, cancellation),
            completion);

    /// <summary>As FindAccessPoint.</summary>
    public ForwardOperation BeginFindAccessPoint(
        ulong expectedEpoch, AccessPointKind kind, string objectName, uint timeoutMs,
        Action<SessionException?, AccessPoint?> completion) =>
        BeginForward(
            expectedEpoch, timeoutMs,
            (session, cancellation) =>
                _manager.Client.FindAccessPointAsync(session.Key, kind, objectName, timeoutMs, cancellation),
            completion);

    /// <summary>As ReleaseAccessPoint.</summary>
    public ForwardOperation BeginReleaseAccessPoint(
        ulong expectedEpoch, AccessPointKind kind, string objectName, AccessPoint? found, uint timeoutMs,
        Action<SessionException?> completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        return BeginForward<bool>(
            expectedEpoch, timeoutMs,
            async (session, cancellation) =>
            {
                await _manager.Client.ReleaseAccessPointAsync(
                    session.Key, kind, objectName, found, timeoutMs, cancellation).ConfigureAwait(false);
                return true;
            },
            (failure, _) => completion(failure));
    }

    /// <summary>As ReportData.</summary>
    public ForwardOperation BeginReportData(
        ulong expectedEpoch, ReportWindow window, ReadOnlyMemory<ulong> pids, uint timeoutMs,
        Action<SessionException?, ReportWindow> completion)
    {
        RequireWithin(window, pids);
        return BeginForward(
            expectedEpoch, timeoutMs,
            (session, cancellation) => _manager.Client.ReportDataAsync(session, window, pids, timeoutMs, cancellation),
            completion);
    }

    private ForwardOperation BeginForward<T>(
        ulong expectedEpoch, uint timeoutMs, Func<HeldSession, CancellationToken, Task<T>> call,
        Action<SessionException?, T?> completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        HeldSession session;
        lock (_gate)
        {
            session = Require(expectedEpoch, timeoutMs);
            if (_forwards.CurrentCount > Limits.MaxForwardsInProgress)
            {
                throw new SessionException(
                    SessionStatus.TooManyObjects,
                    $"follower '{Identity}' has {Limits.MaxForwardsInProgress} calls in progress, which is the limit");
            }

            _forwards.AddCount();
        }

        // On a thread of the pool: dialling may take its time, and the caller was promised not to wait.
        ForwardOperation operation = new();
        _ = Task.Run(() => ForwardAsync(operation, session, call, completion));
        return operation;
    }

    private async Task ForwardAsync<T>(
        ForwardOperation operation, HeldSession session, Func<HeldSession, CancellationToken, Task<T>> call,
        Action<SessionException?, T?> completion)
    {
        T? answer = default;
        SessionException? failure = null;
        try
        {
            using CancellationTokenSource ending =
                CancellationTokenSource.CreateLinkedTokenSource(operation.Cancellation, _closing.Token);
            answer = await call(session, ending.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            failure = error as SessionException ??
                new SessionException(SessionStatus.Internal, error.ToString(), error);
        }

        _callbackThread.Post(() =>
        {
            try
            {
                completion(failure, answer);
            }
            finally
            {
                _forwards.Signal();
            }
        });
    }

    /// <summary>For a close, which has cancelled them: when it returns, all their completions have run.</summary>
    private void WaitForForwards()
    {
        _forwards.Signal();
        _forwards.Wait();
    }
}
