using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower;

/// <summary>
/// All followers of one process: one channel to each master, one batched keep-alive stream, one idea of who leads.
/// Every member may be called from any thread.
/// </summary>
public sealed class FollowerManager : IDisposable
{
    private static int s_followersOfProcess;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SessionFollower> _followers = new(StringComparer.Ordinal);

    /// <summary>Followers whose identity is free again and whose last callback may still run.</summary>
    private readonly HashSet<SessionFollower> _closing = [];
    private readonly ConcurrentDictionary<ulong, SessionFollower> _bySessionId = new();
    private readonly ILoggerFactory _loggers;
    private readonly MasterEndpoints _endpoints;
    private readonly KeepAliveStream _stream;
    private readonly Ending _ending;
    private bool _isClosing;

    /// <summary>Makes it; nothing is dialled before the first create.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the option; OutOfResources.</exception>
    public FollowerManager(FollowerManagerOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Validate();
        _loggers = QueuedLoggers.Around(loggers);
        Logger = new PrintableLogger(_loggers.CreateLogger("Interop.Sessions.Follower"));
        Bounds = new HolderBounds(options.ClockRateBoundPpm, options.EffectDelayMs);
        LogBudgets budgets = new();
        _endpoints = new MasterEndpoints(options.Endpoints, options.Resolve, reason =>
        {
            if (budgets.TrySpend(reason, out int leftOut))
            {
                FollowerLog.ResolverFailed(Logger, reason, leftOut);
            }
        });
        _ending = new Ending("sessions-stop", End);
        _stream = new KeepAliveStream(_endpoints, Deliver, Logger, budgets);
        Client = new SessionClient(_endpoints, Bounds, Logger, budgets);
    }

    internal ILogger Logger { get; }

    internal HolderBounds Bounds { get; }

    internal SessionClient Client { get; }

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

    /// <summary>Closes all followers as their own Close does, then the channels. No callback runs after it returns.</summary>
    /// <exception cref="SessionException">InCallback: called from a callback of one of the followers.</exception>
    public void Close() => Close(Timeout.Infinite);

    /// <summary>As <see cref="Close()"/>, waiting for so many milliseconds at most.</summary>
    /// <exception cref="SessionException">InCallback; TimedOut: the data paths refuse, and the close goes on. Another call waits on.</exception>
    public void Close(int timeoutMs)
    {
        SessionFollower[] followers;
        lock (_lock)
        {
            followers = [.. _followers.Values, .. _closing];
            if (followers.Any(follower => follower.IsInCallback))
            {
                throw new SessionException(
                    SessionStatus.InCallback, "a follower manager cannot be closed from a callback of its follower");
            }

            _isClosing = true;
        }

        // All at once: each may wait for a master that does not answer.
        foreach (SessionFollower follower in followers)
        {
            follower.BeginClose(null);
        }

        if (!_ending.Wait(timeoutMs))
        {
            throw new SessionException(
                SessionStatus.TimedOut, $"the follower manager is not closed after {timeoutMs} ms; the close goes on");
        }
    }

    private void End()
    {
        SessionFollower[] followers;
        lock (_lock)
        {
            followers = [.. _followers.Values, .. _closing];
        }

        foreach (SessionFollower follower in followers)
        {
            follower.Close();
        }

        Client.WaitForGivenBack();
        _stream.Dispose();
        _endpoints.Dispose();
        QueuedLoggers.End(_loggers);
    }

    /// <summary>As <see cref="Close()"/>.</summary>
    public void Dispose() => Close();

    internal void Renew(PendingRenewal renewal) => _stream.Renew(renewal);

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

    private void Deliver(RenewalAnswer answer, long sentNs)
    {
        if (_bySessionId.TryGetValue(answer.Key.SessionId, out SessionFollower? follower))
        {
            follower.TakeAnswer(answer, sentNs);
        }
    }
}
