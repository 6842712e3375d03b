using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>The connections to the masters. Which of them to talk to, <see cref="Endpoints"/> decides.</summary>
internal sealed class MasterEndpoints : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Endpoints _endpoints;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly Action<string> _resolverFailed;
    private readonly Dictionary<string, MasterConnection> _masters = new(StringComparer.Ordinal);
    private readonly Queue<ChannelPair> _disconnected = new();
    private bool _disposed;

    /// <summary>Dials nobody yet.</summary>
    /// <param name="addresses">"host:port" each.</param>
    /// <param name="resolve">The resolver; null: the system's.</param>
    /// <param name="resolverFailed">Takes why the resolver could not say anything.</param>
    internal MasterEndpoints(
        IReadOnlyList<string> addresses, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        Action<string>? resolverFailed = null)
    {
        _endpoints = new Endpoints(addresses);
        _resolve = resolve ?? SystemResolver.AddressesOf;
        _resolverFailed = resolverFailed ?? (_ => { });
    }

    /// <summary>The master to talk to.</summary>
    internal string Current
    {
        get
        {
            lock (_lock)
            {
                return _endpoints.Current;
            }
        }
    }

    /// <summary>The channel to a master, for calls.</summary>
    internal GrpcChannel ChannelTo(string address) => ChannelsTo(address).Calls;

    /// <summary>The channel to a master, for the keep-alive stream.</summary>
    internal GrpcChannel RenewalChannelTo(string address) => ChannelsTo(address).Renewals;

    /// <summary>
    /// Has any dial succeeded? Before that no call can have been carried out there. Of one that is forgotten it is not known.
    /// </summary>
    internal bool WasReached(string address) => Find(address)?.WasReached ?? true;

    /// <summary>While it is dialled, or was never reached: what has not answered so far. Null: it was reached.</summary>
    internal string? Unanswered(string address) => Find(address)?.Unanswered;

    /// <summary>
    /// The connections to a master are not to be trusted: the next call dials anew. Calls that are on their way have until
    /// the next few disconnections to be answered all the same.
    /// </summary>
    internal void Disconnect(string address)
    {
        lock (_lock)
        {
            if (!_masters.TryGetValue(address, out MasterConnection? master) || master.TakeChannels() is not { } channels)
            {
                return;
            }

            master.Dialer.Failed();
            _disconnected.Enqueue(channels);
            if (_disconnected.Count > Limits.MaxDisconnectedChannels)
            {
                _disconnected.Dequeue().Dispose();
            }
        }
    }

    /// <summary>A master answered as a leader does.</summary>
    internal void Answered(string address)
    {
        lock (_lock)
        {
            _endpoints.Answered(address);
            _masters.GetValueOrDefault(address)?.Dialer.Answered();
        }
    }

    /// <summary>What a failed attempt teaches of its master; says which is next.</summary>
    internal NextMaster NoteFailure(SessionException failure, string address)
    {
        lock (_lock)
        {
            long nowNs = BootClock.NowNs;
            NextMaster next;
            switch (failure.Status)
            {
                case SessionStatus.NotLeader:
                    next = _endpoints.DoesNotLead(address, failure.LeaderHint, nowNs);
                    break;
                case SessionStatus.NoMaster or SessionStatus.TimedOut:
                    next = _endpoints.Failed(address, nowNs);
                    break;
                default:
                    Answered(address);
                    return NextMaster.Untried;
            }

            // One that is not configured is kept for no longer than it serves.
            bool isForgotten = !_endpoints.IsConfigured(address) && address != _endpoints.Current;
            if ((failure.Status == SessionStatus.NoMaster && HasOtherAddress(address)) || isForgotten)
            {
                Disconnect(address);
            }

            if (isForgotten)
            {
                _masters.Remove(address);
            }

            return next;
        }
    }

    /// <summary>Closes all channels.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (MasterConnection master in _masters.Values)
            {
                master.TakeChannels()?.Dispose();
            }

            while (_disconnected.TryDequeue(out ChannelPair? channels))
            {
                channels.Dispose();
            }
        }
    }

    private ChannelPair ChannelsTo(string address)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_masters.TryGetValue(address, out MasterConnection? master))
            {
                master = new MasterConnection(address, new NameDialer(_resolve, _resolverFailed));
                _masters.Add(address, master);
            }

            return master.Channels;
        }
    }

    private MasterConnection? Find(string address)
    {
        lock (_lock)
        {
            return _masters.GetValueOrDefault(address);
        }
    }

    private bool HasOtherAddress(string address) => _masters.GetValueOrDefault(address)?.Dialer.Failed() == true;
}
