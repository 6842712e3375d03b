using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>The channels to the masters, and the dials. Which of them to talk to, <see cref="Endpoints"/> decides.</summary>
internal sealed class MasterEndpoints : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Endpoints _endpoints;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly Action<string> _resolverFailed;
    private readonly Dictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NameDialer> _dialers = new(StringComparer.Ordinal);
    private readonly Queue<GrpcChannel> _disconnected = new();
    private readonly ConcurrentDictionary<string, int> _dialling = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _reached = new(StringComparer.Ordinal);
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
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
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

    /// <summary>The channel to a master; made when first needed.</summary>
    internal GrpcChannel ChannelTo(string address)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_channels.TryGetValue(address, out GrpcChannel? channel))
            {
                channel = Open(address);
                _channels.Add(address, channel);
            }

            return channel;
        }
    }

    /// <summary>Has any dial succeeded? Before that no call can have been carried out there.</summary>
    internal bool WasReached(string address) => _reached.ContainsKey(address);

    /// <summary>While it is dialled, or was never reached: what has not answered so far. Null: it was reached.</summary>
    internal string? Unanswered(string address) => _dialling.GetValueOrDefault(address) > 0
        ? DialerOf(address).IsResolving
            ? $"the resolver gives no address of {address}: it has not answered yet"
            : $"{address} does not answer the dial"
        : WasReached(address) ? null : $"{address} was not reached in time";

    /// <summary>
    /// The connection to a master is not to be trusted: the next call dials anew. Calls that are on their way have until
    /// the next few disconnections to be answered all the same.
    /// </summary>
    internal void Disconnect(string address)
    {
        lock (_lock)
        {
            if (!_channels.Remove(address, out GrpcChannel? channel))
            {
                return;
            }

            HasOtherAddress(address);
            _disconnected.Enqueue(channel);
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
            _dialers.GetValueOrDefault(address)?.Answered();
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
                _dialers.Remove(address);
                _dialling.TryRemove(address, out _);
                _reached.TryRemove(address, out _);
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
            foreach (GrpcChannel channel in _channels.Values.Concat(_disconnected))
            {
                channel.Dispose();
            }
        }
    }

    private GrpcChannel Open(string address) => GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellation) => DialAsync(address, DialerOf(address), context, cancellation),
            ConnectTimeout = TimeSpan.FromMilliseconds(Limits.ConnectTimeoutMs),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromMilliseconds(Limits.AnswerProbeMs),
            KeepAlivePingTimeout = TimeSpan.FromMilliseconds(Limits.AnswerProbeTimeoutMs),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = false,
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = Limits.MaxMessageBytes,
        MaxSendMessageSize = MessageBounds.LargestRequest,
        // A few compressed bytes may be a large message: no master sends any.
        CompressionProviders = [],
        // Retries are this library's own business: gRPC's know neither leases nor nonces.
        MaxRetryAttempts = 1,
    });

    private bool HasOtherAddress(string address) => _dialers.GetValueOrDefault(address)?.Failed() == true;

    private NameDialer DialerOf(string address)
    {
        lock (_lock)
        {
            if (!_dialers.TryGetValue(address, out NameDialer? dialer))
            {
                dialer = new NameDialer(_resolve, _resolverFailed);
                _dialers.Add(address, dialer);
            }

            return dialer;
        }
    }

    private async ValueTask<Stream> DialAsync(
        string address, NameDialer dialer, SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        _dialling.AddOrUpdate(address, 1, (_, dials) => dials + 1);
        try
        {
            Stream connection = await dialer.ConnectAsync(context, cancellation).ConfigureAwait(false);
            _reached[address] = true;
            return connection;
        }
        finally
        {
            _dialling.AddOrUpdate(address, 0, (_, dials) => Math.Max(0, dials - 1));
        }
    }
}
