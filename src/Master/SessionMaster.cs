using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading;
using Interop.Sessions.Master.Server;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Master.Threads;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master;

/// <summary>
/// Owns the session table: create, keep-alive, items, expiry, persistence, leadership. Every member may be called from any
/// thread. Partial files by verb.
/// </summary>
public sealed partial class SessionMaster : IDisposable
{
    private readonly AccessManager _accessManager;
    private readonly ILogger _logger;
    private readonly Lock _tableLock = new();
    private readonly ISessionStore _store;
    private readonly SessionTable _table;
    private readonly LeadershipWatch _leadership;
    private readonly HookThreads _hooks = new();
    private readonly CommitQueue _commits;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _stopLock = new();
    private SessionMasterServer? _server;
    private bool _isStopped;

    private SessionMaster(
        SessionMasterOptions options, AccessManager accessManager, ISessionStore store, StoreSnapshot snapshot,
        ILogger logger)
    {
        _accessManager = accessManager;
        _store = store;
        _logger = logger;
        _table = new SessionTable(options.TableSettings, snapshot, RandomId, RandomSecret, BootClock.NowNs);
        _leadership = new LeadershipWatch(accessManager, ExtendAll, logger);
        _commits = new CommitQueue(_table, _tableLock, store, () => _leadership.Leads, OnEnded, logger);
    }

    /// <summary>The TCP port that the master listens on.</summary>
    public int Port => _server!.Port;

    /// <summary>The number of this leadership.</summary>
    public ulong MasterEpoch => _table.MasterEpoch;

    /// <summary>Does the host lead, by its latest answer?</summary>
    public bool Leads => _leadership.Leads;

    /// <summary>Cancelled when the master begins to stop: streams end on it.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Opens the store, loads it and serves; returns when followers can connect.</summary>
    /// <exception cref="SessionException">
    /// InvalidArgument, StoreLocked, StoreReadOnly, StoreFull, StoreFailed, AddressInUse or AddressUnusable.
    /// </exception>
    public static SessionMaster Start(
        SessionMasterOptions options, AccessManager accessManager, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(accessManager);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Validate();
        ILogger logger = loggers.CreateLogger("Interop.Sessions.Master");
        SqliteSessionStore store = new(options.StorePath, options.StoreMaxBytes);
        SessionMaster? master = null;
        try
        {
            // T_max is durable before the first promise.
            StoreSnapshot snapshot = store.Lead(options.MaxTermMs);
            master = new SessionMaster(options, accessManager, store, snapshot, logger);
            master._server = SessionMasterServer.Start(master, options.ParseListenAddress(), loggers);
        }
        catch
        {
            if (master == null)
            {
                store.Dispose();
            }

            master?.Stop();
            throw;
        }

        MasterLog.Serving(logger, master.Port, master.MasterEpoch, master._table.Count);
        return master;
    }

    /// <summary>
    /// Stops serving, waits for hooks that run, closes the store; sessions stay in it. No hook runs after it returns.
    /// </summary>
    /// <exception cref="SessionException">InCallback: called from a hook of this master.</exception>
    public void Stop()
    {
        if (_hooks.IsCurrent || _leadership.IsCurrent)
        {
            throw new SessionException(SessionStatus.InCallback, "Stop waits for hooks, so it cannot be called from one");
        }

        lock (_stopLock)
        {
            if (_isStopped)
            {
                return;
            }

            _isStopped = true;
            _stopping.Cancel();
            _server?.Dispose();
            _leadership.Dispose();
            _commits.Dispose();
            _hooks.Dispose();
            _store.Dispose();
            _stopping.Dispose();
            MasterLog.Stopped(_logger);
        }
    }

    /// <summary>As <see cref="Stop"/>.</summary>
    public void Dispose() => Stop();

    private static ulong RandomId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static UInt128 RandomSecret() => new(RandomId(), RandomId());

    private void RequireLeader()
    {
        if (_stopping.IsCancellationRequested)
        {
            throw new SessionException(SessionStatus.Cancelled, "the master stops");
        }

        if (!_leadership.Leads)
        {
            throw _leadership.Refusal();
        }
    }

    private void ExtendAll()
    {
        lock (_tableLock)
        {
            _table.ExtendAll(BootClock.NowNs);
        }
    }

    // After the durable removal; on the commit thread, so it only posts.
    private void OnEnded(EndedSession end)
    {
        Session session = end.Session;
        MasterLog.SessionEnded(
            _logger, session.Item.Identity, session.Key.SessionId, session.Key.Epoch, end.Reason);
        _hooks.Post(session.Item.Identity, () =>
        {
            // A create whose answer is still under way must not tell the host of a session that is gone.
            session.Refusal ??= new SessionException(
                SessionStatus.TimedOut, $"session {session.Key.SessionId:x16} ended before its create was answered");
            try
            {
                _accessManager.SessionExpired(RequestOf(session), end.Reason);
            }
            catch (Exception error)
            {
                MasterLog.HookThrew(_logger, nameof(AccessManager.SessionExpired), session.Item.Identity, error);
            }
        });
    }

    private static SessionRequest RequestOf(Session session) =>
        new(session.Key.SessionId, session.Key.Epoch, session.Item, session.TermMs);
}
