using System;
using System.Threading;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Master.Server;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Master.Writing;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master;

/// <summary>
/// Owns the session table: create, keep-alive, items, expiry, persistence, leadership. Every member may be called from any
/// thread. Here is its life; what is asked of it is <see cref="SessionVerbs"/>'.
/// </summary>
public sealed partial class SessionMaster : IDisposable, ILeadershipNews
{
    private readonly AccessManager _accessManager;
    private readonly ILoggerFactory _loggers;
    private readonly BootTime _time;
    private readonly ILogger _logger;
    private readonly LogBudgets _budgets = new();
    private readonly HookThreads _hooks;
    private readonly HostWatch _host;
    private readonly LeadershipLoop _leadership;
    private readonly MasterStores _stores;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Ending _ending;
    private readonly MemoryKeeper? _memory;
    private volatile SessionMasterServer? _server;

    private SessionMaster(SessionMasterOptions options, AccessManager accessManager, ILoggerFactory loggers, BootTime time)
    {
        _accessManager = accessManager;
        _loggers = loggers;
        _time = time;
        _ending = new Ending("sessions-stop", End);
        _logger = new PrintableLogger(loggers.CreateLogger("Interop.Sessions.Master"));
        _hooks = new HookThreads(_logger, time);
        _stores = new MasterStores(options, _logger, time);
        try
        {
            _host = new HostWatch(accessManager, _logger, time);
            _leadership = new LeadershipLoop(
                _stores.NewLeadership(_host), _host, epoch => BeginTenure(options, epoch), this, _logger, time);
        }
        catch
        {
            _host?.Dispose();
            _stores.Dispose();
            Metrics.Dispose();
            throw;
        }

        Verbs = new SessionVerbs(accessManager, _hooks, _host, _leadership, Metrics, _logger, time, _stopping.Token);
        if (options.ReturnsMemory)
        {
            _memory = new MemoryKeeper(options.TermMs / Limits.RenewalsPerTerm / 4, () => _leadership.Current?.Count ?? 0);
        }
    }

    /// <summary>The TCP port that the master listens on.</summary>
    public int Port => _server!.Port;

    /// <summary>
    /// The number of the leadership in which this master may act, as far as it knows; null: it may not act, and another may
    /// lead. Code that needs both asks once: between two questions a leadership may end.
    /// </summary>
    public ulong? ActingEpoch => Verbs.ActingEpoch;

    /// <summary>As <see cref="ActingEpoch"/>; 0: it may not act.</summary>
    public ulong MasterEpoch => ActingEpoch ?? 0;

    /// <summary>May it act, as far as it knows?</summary>
    public bool Leads => ActingEpoch != null;

    /// <summary>How it stands, and what it has counted since it was started.</summary>
    public MasterStatistics Statistics
    {
        get
        {
            Tenure? tenure = _leadership.Acting(_time.NowNs);
            (int operations, long bytes) = tenure?.Waiting ?? default;
            return _hooks.AddTo(Metrics.Statistics) with
            {
                MasterEpoch = tenure?.MasterEpoch ?? 0,
                Sessions = tenure?.Count ?? 0,
                OperationsWaiting = operations,
                BytesWaiting = bytes,
                Connections = _server?.Connections ?? 0,
            };
        }
    }

    /// <summary>What the master counts.</summary>
    internal MasterMetrics Metrics { get; } = new();

    /// <summary>The verbs that are asked of the master.</summary>
    internal SessionVerbs Verbs { get; }

    /// <summary>
    /// Opens the store and serves; returns when followers can connect. Where masters are elected it may not lead yet, nor
    /// while its etcd cannot be reached.
    /// </summary>
    /// <exception cref="SessionException">
    /// InvalidArgument, StoreLocked, StoreReadOnly, StoreFull, StoreFailed, AddressInUse, AddressUnusable or OutOfResources.
    /// </exception>
    /// <param name="options">Of the master.</param>
    /// <param name="accessManager">Its behaviour.</param>
    /// <param name="loggers">Where it logs to.</param>
    /// <param name="announces">
    /// False: hooks wait until <see cref="Announce"/> is called, for a host that must know its master before it hears of a leadership.
    /// </param>
    /// <param name="time">By which its leases run; null: the machine's.</param>
    public static SessionMaster Start(
        SessionMasterOptions options, AccessManager accessManager, ILoggerFactory loggers, bool announces = true,
        BootTime? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(accessManager);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Validate();
        ILoggerFactory queued = QueuedLoggers.Around(loggers);
        SessionMaster master;
        try
        {
            master = new(options, accessManager, queued, time ?? BootTime.OfMachine);
        }
        catch
        {
            QueuedLoggers.End(queued);
            accessManager.Released();
            throw;
        }

        try
        {
            master._hooks.Start();
            master._leadership.Start();
            master._server = SessionMasterServer.Start(
                master.Verbs, options.ParseListenAddress(), options.MaxSessions, master._logger, queued);
        }
        catch
        {
            master.Stop();
            throw;
        }

        MasterLog.Serving(master._logger, master.Port);
        if (announces)
        {
            master.Announce();
        }

        return master;
    }

    /// <summary>From now on the host is told of leaderships: see <see cref="Start"/>.</summary>
    public void Announce() => _hooks.Announce();

    /// <summary>
    /// Lets another master lead: what waits is finished, then nothing is acted on here until it is elected again, some
    /// seconds later at the earliest.
    /// </summary>
    /// <exception cref="SessionException">InvalidArgument: masters are not elected here; NotLeader; InCallback.</exception>
    public void Resign()
    {
        RequireOutsideHooks(nameof(Resign));
        _leadership.Resign();
    }

    /// <summary>
    /// Stops serving, lets another master lead, closes the store; sessions stay in it. Hooks that wait to be run are not, but
    /// SessionEnded for two seconds; those that run are waited for, however long that takes, and the log names them. No
    /// hook runs after it returns.
    /// </summary>
    /// <exception cref="SessionException">InCallback: called from a hook of this master.</exception>
    public void Stop() => Stop(Timeout.Infinite);

    /// <summary>As <see cref="Stop()"/>, waiting for so many milliseconds at most.</summary>
    /// <exception cref="SessionException">InCallback; TimedOut: the stop goes on. Another call waits on.</exception>
    public void Stop(int timeoutMs)
    {
        RequireOutsideHooks(nameof(Stop));
        if (!_ending.Wait(timeoutMs))
        {
            throw new SessionException(
                SessionStatus.TimedOut, $"the master is not stopped after {timeoutMs} ms; the stop goes on")
            {
                IsOutcomeUnknown = true,
            };
        }
    }

    private void End()
    {
        _stopping.Cancel();
        _memory?.Dispose();
        try
        {
            // First, so that another leads while the last calls are answered.
            _leadership.Dispose();
        }
        finally
        {
            EndHooks();
        }

        _stores.Dispose();
        _stopping.Dispose();
        Metrics.Dispose();
        MasterLog.Stopped(_logger);
        QueuedLoggers.End(_loggers);
    }

    // Whatever a call would do next needs the table, which is gone.
    private void EndHooks()
    {
        _hooks.RefuseCalls();
        _server?.Dispose();
        _host.Dispose();
        _hooks.Dispose();
        try
        {
            _accessManager.Released();
        }
        catch (Exception error)
        {
            MasterLog.HookThrew(_logger, _budgets, nameof(AccessManager.Released), "", error);
        }
    }

    /// <summary>As <see cref="Stop()"/>.</summary>
    public void Dispose() => Stop();

    private static UInt128 RandomSecret() => new(SystemRandom.NextUInt64(), SystemRandom.NextUInt64());

    private Tenure BeginTenure(SessionMasterOptions options, ulong epoch)
    {
        CancellationTokenSource abandoned = new();
        ISessionStore store = _stores.Open(abandoned.Token);
        try
        {
            StoreSnapshot snapshot = store.Lead(
                new LeadRequest { UnixMs = WallClock.UnixMs, MasterEpoch = epoch });
            MasterLog.NoteFormat(_logger, "the store", snapshot.Format);
            MasterLog.NoteClock(_logger, snapshot.Revision, WallClock.UnixMs);
            _stores.NoteLed();
            return new Tenure(
                store, () => new SessionTable(options.TableSettings, snapshot, SystemRandom.NextUInt64, RandomSecret, _time.NowNs),
                _leadership.MayAct, _leadership.MayExpire, Verbs.OnEnded, abandoned, Metrics, _logger, _time);
        }
        catch (Exception error) when (error is not SessionException)
        {
            // On the thread of the leadership it would end the host's process.
            store.Dispose();
            throw new SessionException(SessionStatus.StoreFailed, $"what is stored cannot be loaded: {error.Message}", error);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private void RequireOutsideHooks(string call)
    {
        if (_hooks.IsCurrent || _host.IsCurrent)
        {
            throw new SessionException(SessionStatus.InCallback, $"{call} waits for hooks, so it cannot be called from one");
        }
    }

    void ILeadershipNews.Begins(Tenure tenure) => _hooks.EnterLeadership(tenure.HookNumber);

    void ILeadershipNews.Began(Tenure tenure) => _hooks.BeginLeadership(
        tenure.HookNumber, nameof(AccessManager.LeadershipChanged),
        () => _accessManager.LeadershipChanged(new LeadershipInfo(true, tenure.MasterEpoch, "")));

    void ILeadershipNews.Ended(Tenure tenure, string reason) => _hooks.EndLeadership(
        tenure.HookNumber, nameof(AccessManager.LeadershipChanged),
        () => _accessManager.LeadershipChanged(new LeadershipInfo(false, tenure.MasterEpoch, reason)));
}
