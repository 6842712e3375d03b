using System;
using System.Threading;
using System.Threading.Tasks;
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
public sealed partial class SessionMaster : IDisposable, IAsyncDisposable, ILeadershipNews
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
    private readonly RightsInForce? _rights;
    private volatile SessionMasterServer? _server;
    private TlsFiles? _tls;

    private SessionMaster(SessionMasterOptions options, AccessManager accessManager, ILoggerFactory loggers, BootTime time)
    {
        _accessManager = accessManager;
        _loggers = loggers;
        _time = time;
        _ending = new Ending("sessions-stop", End);
        _logger = new PrintableLogger(loggers.CreateLogger("Interop.Sessions.Master"));
        _hooks = new HookThreads(_logger, time, Metrics);
        _stores = new MasterStores(options, _logger, time);
        try
        {
            _rights = RightsInForce.Of(options, _logger, Metrics, time);
            _host = new HostWatch(accessManager, _logger, time);
            _leadership = new LeadershipLoop(
                _stores.NewLeadership(_host), _host, epoch => BeginTenure(options, epoch), this, _logger, time);
        }
        catch
        {
            _host?.Dispose();
            _rights?.Dispose();
            _stores.Dispose();
            Metrics.Dispose();
            throw;
        }

        Verbs = new SessionVerbs(accessManager, _hooks, _host, _leadership, Metrics, _logger, time, _stopping.Token);
        Metrics.Observe(() => Statistics);
        if (options.ReturnsMemory)
        {
            _memory = new MemoryKeeper(options.TermMs / Limits.RenewalsPerTerm / 4, () => _leadership.Current?.Count ?? 0);
        }
    }

    /// <summary>The TCP port that the master listens on.</summary>
    public int Port => _server!.Port;

    /// <summary>The TCP port at which administration is served, if that has an address of its own; else 0.</summary>
    public int AdminPort => _server!.AdminPort;

    /// <summary>
    /// The number of the leadership in which this master may act, as far as it knows; null: it may not act, and another may
    /// lead. Code that needs both asks once: between two questions a leadership may end.
    /// </summary>
    public ulong? ActingEpoch => Verbs.ActingEpoch;

    /// <summary>As <see cref="ActingEpoch"/>; 0: it may not act.</summary>
    public ulong MasterEpoch => ActingEpoch ?? 0;

    /// <summary>May it act, as far as it knows?</summary>
    public bool Leads => ActingEpoch != null;

    /// <summary>Is the caller inside a hook of this master, that is, on a thread that runs one?</summary>
    public bool IsInHook => _hooks.IsCurrent || _host.IsCurrent || _rights?.Host?.IsCurrent == true;

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
    /// <param name="accessManager">
    /// Its behaviour. It hears <see cref="AccessManager.Released"/> once, also of a start that is refused: when it has returned from
    /// all hooks, which may be after the refusal.
    /// </param>
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
        ILoggerFactory queued = QueuedLoggers.Around(loggers);
        SessionMaster master;
        try
        {
            options.Validate();
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
            master._tls = options.Tls == null
                ? null
                : TlsFiles.Open(options.Tls, "tls", new MasterTlsNews(master._logger), LastCatch.To(master._logger), master._time);
            master._hooks.Start();
            master._leadership.Start();
            master._server = SessionMasterServer.Start(
                master.Verbs, options, master._tls, master._rights, master._logger, queued);
        }
        catch
        {
            // A hook that hangs keeps nobody: the end goes on without the caller, who hears of the refusal whatever that end comes to.
            Task.WaitAny([master._ending.Begin()], Limits.RefusedStartMs);
            throw;
        }

        MasterLog.Serving(master._logger, master.Port);
        if (announces)
        {
            master.Announce();
        }

        return master;
    }

    /// <summary>As <see cref="Start"/>, without a thread that waits.</summary>
    /// <param name="options">Of the master.</param>
    /// <param name="accessManager">Its behaviour.</param>
    /// <param name="loggers">Where it logs to.</param>
    /// <param name="cancellationToken">A master that was started meanwhile is stopped again.</param>
    /// <exception cref="SessionException">As <see cref="Start"/>.</exception>
    public static async Task<SessionMaster> StartAsync(
        SessionMasterOptions options, AccessManager accessManager, ILoggerFactory loggers,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(accessManager);
        ArgumentNullException.ThrowIfNull(loggers);
        TaskCompletionSource<SessionMaster> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            // A store is opened as fast as its disk answers, and a pool has few threads.
            OwnThread.New("sessions-start", Begin).StartOrRefuse();
        }
        catch
        {
            accessManager.Released();
            throw;
        }

        SessionMaster master = await started.Task.ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
        {
            await master.StopAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return master;

        void Begin()
        {
            SessionMaster? begun = null;
            Exception? refusal = null;
            try
            {
                begun = Start(options, accessManager, loggers);
            }
            catch (Exception error)
            {
                refusal = error;
            }

            // Whoever starts it waits for nothing else.
            started.EndAtLast(begun!, refusal);
        }
    }

    /// <summary>From now on the host is told of leaderships: see <see cref="Start"/>.</summary>
    public void Announce() => _hooks.Announce();

    /// <summary>
    /// Lets another master lead: what waits is finished, then nothing is acted on here until it is elected again, some
    /// seconds later at the earliest. A hook must not wait for it.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait: it still resigns. Another call waits on.</param>
    /// <exception cref="SessionException">InvalidArgument: masters are not elected here; NotLeader.</exception>
    public async Task ResignAsync(CancellationToken cancellationToken = default) =>
        await _leadership.ResignAsync().WaitAsync(cancellationToken).ConfigureAwait(false);

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
            SessionTableSettings settings = options.TableSettings with { Quotas = _rights?.Quotas ?? QuotaBoard.Empty };
            return new Tenure(
                store, () => new SessionTable(settings, snapshot, SystemRandom.NextUInt64, _time.NowNs),
                _leadership.MayAct, _leadership.MayExpire, OnEnded, abandoned, Metrics, _logger, _time);
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

    // On the thread of the writer.
    private void OnEnded(Tenure tenure, EndedSession end)
    {
        Verbs.OnEnded(tenure, end);
        _server?.SessionEnded(end.Session.Key.SessionId);
    }

    void ILeadershipNews.Begins(Tenure tenure)
    {
        LeadershipInfo begun = new(true, tenure.MasterEpoch, "");
        LeadershipInfo ended = new(false, tenure.MasterEpoch, "it has ended");
        _hooks.EnterLeadership(
            tenure.HookNumber, nameof(AccessManager.LeadershipChanged), () => _accessManager.LeadershipChanged(begun),
            () => _accessManager.LeadershipChanged(WithReason(ended, tenure.EndReason)));
        Metrics.NoteLeadership(begins: true);
    }

    // Without memory for the reason the host hears of the end all the same.
    private static LeadershipInfo WithReason(LeadershipInfo ended, string reason)
    {
        try
        {
            return ended with { Reason = reason };
        }
        catch (OutOfMemoryException)
        {
            return ended;
        }
    }

    void ILeadershipNews.Began(Tenure tenure) => _hooks.BeginLeadership(tenure.HookNumber);

    void ILeadershipNews.Ended(Tenure tenure, string reason)
    {
        tenure.EndReason = reason;
        _hooks.EndLeadership(tenure.HookNumber);
        Metrics.NoteLeadership(begins: false);
    }
}
