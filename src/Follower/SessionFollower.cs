using System;
using System.Threading;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Follower.Lease;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower;

/// <summary>
/// One session: creates it, then lives in its KeepAliveLoop on a thread of its own until it is closed. Every member may be
/// called from any thread. <see cref="SessionLife"/> decides; this is its lock, its threads and its calls. Partial files by verb.
/// </summary>
public sealed partial class SessionFollower : IAsyncDisposable, IDisposable
{
    private readonly FollowerManager _manager;
    private readonly FollowerCallbacks _callbacks;
    private readonly CallbackThread _callbackThread;
    private readonly FollowerMetrics _metrics;
    private readonly LeaseWord _word;

    /// <summary>Guards the life and what is shown of it; never held during I/O or code of the host.</summary>
    private readonly object _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly SessionLife _life;
    private NumberedWrites _writes;

    internal SessionFollower(
        FollowerManager manager, string identity, FollowerCallbacks callbacks, RecreatePolicy recreate, nint leaseAddress)
    {
        _manager = manager;
        _callbacks = callbacks;
        Identity = identity;
        _writes = new NumberedWrites(manager.Time);
        _life = new SessionLife(identity, manager.Bounds, recreate, WishAgain, Random.Shared.NextDouble);
        _callbackThread = new CallbackThread(
            "sessions-call", error => FollowerLog.CallbackThrew(manager.Logger, identity, error), NoteUnexpected);
        _metrics = new FollowerMetrics(identity, manager.Counts);
        _runCallback = RunCallback;
        _loop = OwnThread.New("sessions-alive", Live, NoteUnexpected);
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

    /// <summary>What the follower has counted since it was made.</summary>
    public FollowerStatistics Statistics => _metrics.Statistics with { CallbacksWaiting = _callbackThread.Waiting };

    /// <summary>The session as it is now; <see cref="SessionInfo.None"/> before the first.</summary>
    public SessionInfo Session
    {
        get
        {
            lock (_gate)
            {
                return _life.Info;
            }
        }
    }

    /// <summary>
    /// Where the lease word stands: interop_sessions_lease of the C header. Unless the word is in memory of the host, it is
    /// readable for the life of the process, and never another follower's: after a close it refuses forever.
    /// </summary>
    public nint LeaseAddress => _word.Address;

    /// <summary>Is the caller inside a callback of this follower, that is, on its callback thread?</summary>
    public bool IsInCallback => _callbackThread.IsCurrent;
}
