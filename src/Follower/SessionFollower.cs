using System;
using System.Threading;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Follower.Threads;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower;

/// <summary>
/// One session: creates it, then lives in its KeepAliveLoop on a thread of its own until it is closed. Every member may be
/// called from any thread. Partial files by verb.
/// </summary>
public sealed partial class SessionFollower : IAsyncDisposable, IDisposable
{
    private readonly FollowerManager _manager;
    private readonly FollowerCallbacks _callbacks;
    private readonly CallbackThread _callbackThread;
    private readonly StateNews _stateNews;
    private readonly FollowerMetrics _metrics;
    private readonly LeaseWord _word;

    /// <summary>Guards the lease, the create in progress and the order of posted callbacks; never held during I/O.</summary>
    private readonly object _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private SessionLease? _lease;
    private GrantedSession? _granted;
    private NumberedWrites _writes = new();
    private CreateOperation? _creating;

    /// <summary>When the last effect that began under the session that was lost last is over; in the gate.</summary>
    private long _effectsOverNs;

    internal SessionFollower(
        FollowerManager manager, string identity, FollowerCallbacks callbacks, RecreatePolicy recreate, nint leaseAddress)
    {
        _recreate = recreate;
        _manager = manager;
        _callbacks = callbacks;
        Identity = identity;
        _callbackThread = new CallbackThread(
            "sessions-call", error => FollowerLog.CallbackThrew(manager.Logger, identity, error));
        _stateNews = new StateNews(_callbackThread, TellState);
        _metrics = new FollowerMetrics(identity, manager.Counts);
        _loop = OwnThread.New("sessions-alive", Live);
        LeaseWord? word = null;
        try
        {
            _word = word = new LeaseWord(leaseAddress);
            _loop.StartOrRefuse();
        }
        catch
        {
            word?.TakeBackUnseen();
            _callbackThread.End();
            throw;
        }
    }

    /// <summary>The stable name of the server.</summary>
    public string Identity { get; }

    /// <summary>What it has counted since it was made.</summary>
    public FollowerStatistics Statistics => _metrics.Statistics with { CallbacksWaiting = _callbackThread.Waiting };

    /// <summary>The session as it is now; <see cref="SessionInfo.None"/> before the first.</summary>
    public SessionInfo Session
    {
        get
        {
            lock (_gate)
            {
                return InfoNow();
            }
        }
    }

    /// <summary>
    /// Where the lease word stands: interop_sessions_lease of the C header. Unless it is in memory of the host, it is readable for
    /// the life of the process, and never another follower's: after a close it refuses for ever.
    /// </summary>
    public nint LeaseAddress => _word.Address;

    /// <summary>Is the caller inside a callback of this follower, that is, on its callback thread?</summary>
    public bool IsInCallback => _callbackThread.IsCurrent;

    private SessionInfo InfoNow() => _lease == null || _granted == null ? SessionInfo.None : new SessionInfo
    {
        // While its callbacks run the host does not count it as alive, and its own moves are told afterwards.
        State = _creating != null && _lease.State != SessionState.Lost ? SessionState.None : _lease.State,
        SessionId = _lease.Key.SessionId,
        Secret = _granted.Secret,
        Epoch = _lease.Key.Epoch,
        MasterEpoch = _lease.MasterEpoch,
        Capabilities = _granted.Capabilities,
        ReportWindow = _granted.ReportWindow,
        TermMs = _lease.TermMs,
        EndReason = _lease.EndReason,
        EndText = _lease.EndText,
        DeadlineNs = _lease.DeadlineNs,
    };

    /// <summary>
    /// What a change of the lease means outside, in the gate: first the data path, then the host, in order of the moves.
    /// </summary>
    private void PublishMoves()
    {
        SessionLease lease = _lease!;
        _word.Publish(lease.Key.Epoch, lease.DeadlineNs, lease.State);
        foreach (SessionState state in lease.TakeMoves())
        {
            SessionInfo info = InfoNow() with { State = state };
            if (state == SessionState.Lost)
            {
                Lose(info);
            }
            else
            {
                FollowerLog.StateChanged(_manager.Logger, Identity, info.SessionId, info.Epoch, state);
                _stateNews.Post(info);
            }
        }

        TellLease();
    }

    private void Lose(SessionInfo info)
    {
        SessionKey key = _lease!.Key;
        // The data path refuses: what it began before has δ to end.
        long effectsOverNs = BootClock.NowNs + (_manager.Bounds.EffectDelayMs * 1_000_000L);
        _effectsOverNs = effectsOverNs;
        if (_lease.EndedByLowerEpoch is { } lower)
        {
            FollowerLog.MasterEpochWentBack(_manager.Logger, Identity, info.SessionId, info.MasterEpoch, lower);
        }

        FollowerLog.SessionLost(
            _manager.Logger, info.EndReason == SessionEndReason.Closed ? LogLevel.Information : LogLevel.Warning,
            Identity, info.SessionId, info.Epoch, info.EndReason);
        _metrics.NoteLost(info.EndReason);
        _manager.Detach(key.SessionId);
        _stateNews.Break();
        _callbackThread.Post(() =>
        {
            try
            {
                using (ScopeOf(info))
                {
                    _callbacks.SessionLost(info);
                }
            }
            finally
            {
                _manager.Client.Abandon(Identity, key.Nonce, effectsOverNs);
                AcknowledgeRevocation(key, info.EndReason, effectsOverNs);
                RecreateAfter(info.EndReason);
            }
        });
    }

    private void TellState(SessionInfo info)
    {
        using (ScopeOf(info))
        {
            _callbacks.StateChanged(info);
        }
    }

    // The host has stopped: the master need not wait for the lease to run out.
    private void AcknowledgeRevocation(SessionKey key, SessionEndReason reason, long effectsOverNs)
    {
        if (reason == SessionEndReason.Revoked)
        {
            _manager.Client.GiveBack(key, effectsOverNs);
        }
    }
}
