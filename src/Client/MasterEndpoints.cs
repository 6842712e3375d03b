using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Interop.Sessions.Follower;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Client;

/// <summary>The connections to the masters. Which of them to talk to, <see cref="Endpoints"/> decides.</summary>
public sealed class MasterEndpoints : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Endpoints _endpoints;
    private readonly Endpoints _trusted;
    private readonly MasterNames _names;
    private readonly CallerToken? _token;
    private readonly PeerTrust _trust;
    private readonly Dictionary<string, MasterConnection> _masters = new(StringComparer.Ordinal);
    private readonly Queue<GrpcChannel> _disconnected = new();
    private bool _disposed;
    private bool _wasAsked;
    private ConnectionState _state;
    private long _stateSinceNs;

    /// <summary>Dials no master yet.</summary>
    /// <param name="addresses">"host:port" or "unix:/path" each.</param>
    /// <param name="trust">Makes sure of the masters. Whoever gives its files ends them, later than this.</param>
    /// <param name="resolve">The resolver; null: the system's.</param>
    /// <param name="resolverFailed">Takes why the resolver could not say anything.</param>
    /// <param name="time">By which calls and renewals go; null: the machine's.</param>
    /// <param name="token">
    /// What shows the masters the name of this process; null: nothing does. With one, only masters among the addresses are asked: a
    /// token is not sent where a hint says.
    /// </param>
    public MasterEndpoints(
        IReadOnlyList<string> addresses, PeerTrust trust, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        Action<string>? resolverFailed = null, BootTime? time = null, CallerToken? token = null)
    {
        _trust = trust;
        _token = token;
        Time = time ?? BootTime.OfMachine;
        _stateSinceNs = Time.NowNs;
        _endpoints = new Endpoints(addresses, followsStrangers: token == null);
        _trusted = trust.Files != null ? _endpoints : new Endpoints(addresses, followsStrangers: false);
        _names = new MasterNames(addresses, resolve ?? SystemResolver.AddressesOf, resolverFailed ?? (_ => { }));
    }

    /// <summary>By which calls and renewals go.</summary>
    public BootTime Time { get; }

    /// <summary>As <see cref="Endpoints.Configure"/>; what leads to others is given up when it serves no more.</summary>
    public void Configure(IReadOnlyList<string> addresses)
    {
        lock (_lock)
        {
            _endpoints.Configure(addresses);
            if (_trusted != _endpoints)
            {
                _trusted.Configure(addresses);
            }

            _names.Configure(addresses);
            long nowNs = Time.NowNs;
            Forget(nowNs);
            NoteState(nowNs);
        }
    }

    /// <summary>Begins an attempt of a call.</summary>
    /// <param name="at">The master; null: whichever is to be talked to.</param>
    /// <param name="showsSecret">
    /// It is made at masters alone that may see one: their certificates are verified, or, without TLS, they are configured. A hint
    /// may come from anybody who has got in between.
    /// </param>
    /// <exception cref="SessionException">Cancelled: the manager was closed at this very moment.</exception>
    public Attempt Begin(string? at = null, bool showsSecret = false)
    {
        lock (_lock)
        {
            Endpoints way = showsSecret ? _trusted : _endpoints;
            MasterConnection master = ConnectionTo(at ?? way.Current);
            return new Attempt(master, master.Calls, Time.NowNs) { Way = way };
        }
    }

    /// <summary>The connection to the master that is next, for the keep-alive stream.</summary>
    /// <exception cref="SessionException">Cancelled: the manager was closed at this very moment.</exception>
    public MasterConnection Current
    {
        get
        {
            lock (_lock)
            {
                return ConnectionTo(_endpoints.Current);
            }
        }
    }

    /// <summary>An attempt has ended at this moment without what was asked for.</summary>
    public EndedAttempt Ended(Attempt attempt) =>
        new(attempt.Master.Address, attempt.SentNs, Time.NowNs, attempt.Master.Unanswered, attempt.Master.WasReached);

    /// <summary>A master answered a call as a leader does.</summary>
    public void Answered(Attempt attempt) => Answered(attempt.Way, attempt.Master);

    /// <summary>A master answered renewals as a leader does.</summary>
    public void Answered(MasterConnection master) => Answered(_endpoints, master);

    /// <summary>A master answered renewals; the next answer is to come by then.</summary>
    public void Renewed(MasterConnection master, long untilNs)
    {
        lock (_lock)
        {
            _endpoints.Renewed(master.Address, untilNs);
        }
    }

    /// <summary>Notes what a failed attempt says of its master; answers which master is next.</summary>
    public NextMaster NoteFailure(SessionException failure, Attempt attempt)
    {
        lock (_lock)
        {
            long nowNs = Time.NowNs;
            MasterConnection master = attempt.Master;
            NextMaster next = attempt.Way.CallFailed(
                master.Address, failure.Status, failure.IsOutcomeUnknown, failure.LeaderHint, nowNs);
            NoteConnection(master, ConnectionSigns.OfCall(failure.Status, failure.IsOutcomeUnknown), nowNs);
            return next;
        }
    }

    /// <summary>Did it end at a master that names a leader whom it may not be shown?</summary>
    public bool IsKeptFrom(SessionException failure, Attempt attempt)
    {
        lock (_lock)
        {
            return attempt.Way != _endpoints && failure is { Status: SessionStatus.NotLeader, LeaderHint: { } leader } &&
                !_trusted.IsConfigured(leader);
        }
    }

    /// <summary>The same of a keep-alive stream over which no renewals are sent any more.</summary>
    public NextMaster NoteRenewalsFailed(LineReport report, MasterConnection master)
    {
        lock (_lock)
        {
            long nowNs = Time.NowNs;
            NextMaster next = _endpoints.RenewalsFailed(
                master.Address, report.Failure.Status, report.Failure.LeaderHint, nowNs);
            NoteConnection(master, report.Sign, nowNs);
            return next;
        }
    }

    /// <summary>How it stands with the masters.</summary>
    public EndpointsStanding Standing
    {
        get
        {
            lock (_lock)
            {
                return new EndpointsStanding
                {
                    Connection = _state,
                    SinceNs = _stateSinceNs,
                    Endpoint = _endpoints.Current,
                    Channels = _masters.Values.Count(master => master.HasCalls) + _disconnected.Count,
                    Redirects = _endpoints.Redirects,
                    Failovers = _endpoints.Failovers,
                };
            }
        }
    }

    /// <summary>Closes all channels for calls.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (MasterConnection master in _masters.Values)
            {
                master.TakeCalls()?.Dispose();
            }

            while (_disconnected.TryDequeue(out GrpcChannel? channel))
            {
                channel.Dispose();
            }
        }
    }

    private void Answered(Endpoints way, MasterConnection master)
    {
        lock (_lock)
        {
            way.Answered(master.Address);
            master.Dialer.Note(ConnectionSign.Works);
            NoteState(Time.NowNs);
        }
    }

    private void NoteConnection(MasterConnection master, ConnectionSign sign, long nowNs)
    {
        if (master.Dialer.Note(sign))
        {
            Disconnect(master);
        }

        Forget(nowNs);
        NoteState(nowNs);
    }

    private MasterConnection ConnectionTo(string address)
    {
        if (_disposed)
        {
            throw MasterCalls.Cancelled(mayBeDone: false);
        }

        if (!_masters.TryGetValue(address, out MasterConnection? master))
        {
            master = new MasterConnection(
                address, _names.DialerOf(address), _trust, _endpoints.IsConfigured(address) ? _token : null);
            _masters.Add(address, master);
            _wasAsked = true;
            NoteState(Time.NowNs);
        }

        return master;
    }

    /// <summary>The state that is told, and since when: in the lock, after whatever may have changed it.</summary>
    private void NoteState(long nowNs)
    {
        ConnectionState now = _wasAsked ? _endpoints.State : ConnectionState.None;
        if (now != _state)
        {
            _state = now;
            _stateSinceNs = nowNs;
        }
    }

    /// <summary>
    /// The connections for calls are not to be trusted: the next call dials again. Calls that are on their way have until the
    /// next few disconnections to be answered all the same.
    /// </summary>
    private void Disconnect(MasterConnection master)
    {
        if (master.TakeCalls() is { } channel)
        {
            _disconnected.Enqueue(channel);
            if (_disconnected.Count > Limits.MaxDisconnectedChannels)
            {
                _disconnected.Dequeue().Dispose();
            }
        }
    }

    /// <summary>A connection to a master that is not configured is kept for no longer than it serves.</summary>
    private void Forget(long nowNs)
    {
        foreach (MasterConnection master in _masters.Values)
        {
            if (_endpoints.MayBeForgotten(master.Address, nowNs))
            {
                Disconnect(master);
                _masters.Remove(master.Address);
            }
        }
    }
}
