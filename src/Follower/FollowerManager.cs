using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower;

/// <summary>
/// All followers of one process: one channel to each master, one batched keep-alive stream, one idea of which master leads.
/// Every member may be called from any thread.
/// </summary>
public sealed class FollowerManager : IAsyncDisposable, IDisposable
{
    private const string LogCategory = "Interop.Sessions.Follower";

    private static int s_followersOfProcess;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SessionFollower> _followers = new(StringComparer.Ordinal);

    /// <summary>Followers whose identity is free again and whose last callback may still run.</summary>
    private readonly HashSet<SessionFollower> _closing = [];
    private readonly ConcurrentDictionary<ulong, SessionFollower> _bySessionId = new();
    private readonly ILoggerFactory _loggers;
    private readonly Lazy<ILogger?> _hostLogger;
    private readonly MasterEndpoints _endpoints;
    private readonly FollowerManagerOptions _options;
    private readonly TlsFiles? _tls;
    private readonly KeepAliveStream _stream;
    private readonly CallerToken? _token;
    private readonly LogBudgets _budgets = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosing;

    /// <summary>Makes it; nothing is dialled before the first create.</summary>
    /// <param name="options">Its masters, and what its machine promises.</param>
    /// <param name="loggers">Where it logs to.</param>
    /// <param name="time">
    /// By which its leases run; null: the machine's. The lease word is compared with CLOCK_BOOTTIME whatever this is: data paths in
    /// other languages and processes read it.
    /// </param>
    /// <exception cref="SessionException">InvalidArgument, naming the option; OutOfResources.</exception>
    public FollowerManager(FollowerManagerOptions options, ILoggerFactory loggers, BootTime? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Validate();
        _options = options;
        _loggers = QueuedLoggers.Around(loggers);
        _hostLogger = new Lazy<ILogger?>(
            () => _loggers is QueuedLoggers ? loggers.CreateLogger(LogCategory) : null);
        Logger = new PrintableLogger(_loggers.CreateLogger(LogCategory));
        Bounds = new HolderBounds(options.ClockRateBoundPpm, options.EffectDelayMs);
        _tls = options.Tls == null ? null : TlsFiles.Open(
            options.Tls, "tls", new FollowerTlsNews(Logger), LastCatch.To(Logger), time);
        _token = TokenOf(options, time);
        _endpoints = new MasterEndpoints(options.Endpoints, new PeerTrust(_tls, options.Insecure), options.Resolve, reason =>
        {
            if (_budgets.TrySpend(reason, out int leftOut))
            {
                FollowerLog.ResolverFailed(Logger, reason, leftOut);
            }
        }, time, _token);
        _stream = new KeepAliveStream(_endpoints, Deliver, Logger, _budgets);
        Client = new SessionClient(_endpoints, Bounds, Logger, _budgets);
    }

    internal ILogger Logger { get; }

    /// <summary>
    /// The host's own, which may block: for scopes around its callbacks, on their threads. Null where loggers have no scopes.
    /// </summary>
    internal ILogger? HostLogger => _hostLogger.Value;

    /// <summary>By which its leases run.</summary>
    internal BootTime Time => _endpoints.Time;

    internal HolderBounds Bounds { get; }

    internal SessionClient Client { get; }

    /// <summary>What the followers of this manager have counted, all together.</summary>
    internal FollowerCounts Counts { get; } = new();

    /// <summary>How it stands with its masters, and what it has counted since it was made.</summary>
    public FollowerManagerStatistics Statistics
    {
        get
        {
            int followers;
            lock (_lock)
            {
                followers = _followers.Count;
            }

            EndpointsStanding standing = _endpoints.Standing;
            return Counts.AddTo(new FollowerManagerStatistics
            {
                Followers = followers,
                Connection = standing.Connection,
                ConnectionSinceNs = standing.SinceNs,
                Endpoint = standing.Endpoint,
                Channels = standing.Channels,
                Redirects = standing.Redirects,
                Failovers = standing.Failovers,
            });
        }
    }

    /// <summary>Makes a follower that has no session yet.</summary>
    /// <param name="identity">Its stable name, 1 to <see cref="Limits.MaxIdentityBytes"/> bytes of UTF-8.</param>
    /// <param name="callbacks">What its host wants to hear; null: nothing.</param>
    /// <param name="recreate">What it does when its session is lost.</param>
    /// <param name="leaseAddress">
    /// Where its lease word shall be: 64 bytes of 0 at a multiple of 64, which stay until the follower is closed; 0: in memory of the
    /// library's own.
    /// </param>
    /// <exception cref="SessionException">InvalidArgument, TooLong, IdentityInUse, TooManyObjects, OutOfResources or Cancelled.</exception>
    public SessionFollower CreateFollower(
        string identity, FollowerCallbacks? callbacks = null, RecreatePolicy recreate = RecreatePolicy.Never, nint leaseAddress = 0)
    {
        ArgumentNullException.ThrowIfNull(identity);
        int size = System.Text.Encoding.UTF8.GetByteCount(identity);
        if (size is 0 or > Limits.MaxIdentityBytes)
        {
            throw new SessionException(
                size == 0 ? SessionStatus.InvalidArgument : SessionStatus.TooLong,
                $"identity has {size} bytes; it must have 1 to {Limits.MaxIdentityBytes}");
        }

        lock (_lock)
        {
            if (_isClosing)
            {
                throw new SessionException(SessionStatus.Cancelled, "the follower manager is closed");
            }

            if (_followers.ContainsKey(identity))
            {
                throw new SessionException(
                    SessionStatus.IdentityInUse, $"identity '{identity}' is that of another follower of this manager");
            }

            if (Interlocked.Increment(ref s_followersOfProcess) > Limits.MaxFollowers)
            {
                Interlocked.Decrement(ref s_followersOfProcess);
                throw new SessionException(
                    SessionStatus.TooManyObjects, $"this process has {Limits.MaxFollowers} followers, which is the limit");
            }

            return AddFollower(identity, callbacks ?? new FollowerCallbacks(), recreate, leaseAddress);
        }
    }

    // In the lock, its place taken.
    private SessionFollower AddFollower(
        string identity, FollowerCallbacks callbacks, RecreatePolicy recreate, nint leaseAddress)
    {
        try
        {
            SessionFollower follower = new(this, identity, callbacks, recreate, leaseAddress);
            _followers.Add(identity, follower);
            return follower;
        }
        catch
        {
            Interlocked.Decrement(ref s_followersOfProcess);
            throw;
        }
    }

    /// <summary>
    /// Other masters from now on. Nothing that runs is disturbed: a master that answers is talked to until it fails or says that it does
    /// not lead; then, or at once where none answers, the first of these is next.
    /// </summary>
    /// <param name="endpoints">As <see cref="FollowerManagerOptions.Endpoints"/>.</param>
    /// <exception cref="SessionException">InvalidArgument: nothing is changed; Cancelled: the manager is closed.</exception>
    public void SetEndpoints(IReadOnlyList<string> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        string[] chosen = [.. endpoints];
        (_options with { Endpoints = chosen }).Validate();
        lock (_lock)
        {
            if (_isClosing)
            {
                throw new SessionException(SessionStatus.Cancelled, "the follower manager is closed");
            }

            _endpoints.Configure(chosen);
        }

        FollowerLog.EndpointsSet(Logger, string.Join(", ", chosen));
    }

    /// <summary>Is the caller inside a callback of one of the followers?</summary>
    public bool IsInCallback
    {
        get
        {
            lock (_lock)
            {
                return _followers.Values.Concat(_closing).Any(follower => follower.IsInCallback);
            }
        }
    }

    /// <summary>
    /// Closes all followers as their own CloseAsync does, then the channels. When the task ends, no callback runs any more.
    /// CloseAsync may be called again, and inside a callback, which must not wait for the task.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting only: the close goes on.</param>
    public Task CloseAsync(CancellationToken cancellationToken = default)
    {
        SessionFollower[]? followers = null;
        lock (_lock)
        {
            if (!_isClosing)
            {
                _isClosing = true;
                followers = [.. _followers.Values, .. _closing];
            }
        }

        if (followers != null)
        {
            _ = CloseAllAsync(followers);
        }

        return _closed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>As <see cref="CloseAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(CloseAsync());

    /// <summary>The same, and waits; inside a callback, which the close itself waits for, it does not.</summary>
    public void Dispose()
    {
        bool isInCallback = IsInCallback;
        Task closed = CloseAsync();
        if (!isInCallback)
        {
            closed.GetAwaiter().GetResult();
        }
    }

    private async Task CloseAllAsync(SessionFollower[] followers)
    {
        try
        {
            // All at once: each may wait for a master that does not answer.
            await Task.WhenAll([.. followers.Select(follower => follower.CloseAsync())]).ConfigureAwait(false);
            await Client.GivenBackAsync().ConfigureAwait(false);
            await _stream.DisposeAsync().ConfigureAwait(false);
            _endpoints.Dispose();
            _token?.Dispose();
            _tls?.Dispose();
            QueuedLoggers.End(_loggers);
            _closed.SetResult();
        }
        catch (Exception error)
        {
            _closed.TryFail(error);
        }
    }

    internal void Renew(PendingRenewal renewal) => _stream.Renew(renewal);

    internal void Vouch(HostHealth health, long untilNs) => _stream.Vouch(health, untilNs);

    internal void Attach(ulong sessionId, SessionFollower follower) => _bySessionId[sessionId] = follower;

    internal void Detach(ulong sessionId) => _bySessionId.TryRemove(sessionId, out _);

    internal void Forget(SessionFollower follower)
    {
        lock (_lock)
        {
            if (_followers.Remove(follower.Identity))
            {
                Interlocked.Decrement(ref s_followersOfProcess);
                _closing.Add(follower);
            }
        }
    }

    internal void NoteEnd(SessionFollower follower)
    {
        lock (_lock)
        {
            _closing.Remove(follower);
        }
    }

    private CallerToken? TokenOf(FollowerManagerOptions options, BootTime? time)
    {
        try
        {
            return options.TokenFile.Length == 0 ? null : new CallerToken(
                options.TokenFile, "token_file", problem => FollowerLog.TokenFileChanged(Logger, options.TokenFile, problem),
                LastCatch.To(Logger), time);
        }
        catch
        {
            _tls?.Dispose();
            throw;
        }
    }

    private void Deliver(RenewalAnswer answer, long sentNs)
    {
        if (_bySessionId.TryGetValue(answer.Key.SessionId, out SessionFollower? follower))
        {
            if (answer.Status is SessionStatus.PermissionDenied or SessionStatus.Unauthenticated)
            {
                FollowerLog.RenewalDenied(Logger, _budgets, follower.Identity, answer.Status);
            }

            follower.TakeAnswer(answer, sentNs);
        }
    }
}
