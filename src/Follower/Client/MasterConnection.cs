using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>
/// What leads to one master: a connection for renewals and one, or more, for everything else, so that no renewal waits for
/// the bytes of an item or a list on a narrow path. A dial begins with the first call.
/// </summary>
/// <param name="address">"host:port".</param>
/// <param name="dialer">Dials it.</param>
internal sealed class MasterConnection(string address, NameDialer dialer)
{
    private readonly Lock _lock = new();
    private ChannelPair? _channels;
    private int _dials;
    private volatile bool _wasReached;

    internal NameDialer Dialer => dialer;

    /// <summary>Has any dial succeeded? Before that no call can have been carried out there.</summary>
    internal bool WasReached => _wasReached;

    /// <summary>The channels; made when first needed.</summary>
    internal ChannelPair Channels
    {
        get
        {
            lock (_lock)
            {
                return _channels ??= new ChannelPair(Open(forRenewals: false), Open(forRenewals: true));
            }
        }
    }

    /// <summary>While it is dialled, or was never reached: what has not answered so far. Null: it was reached.</summary>
    internal string? Unanswered => Volatile.Read(ref _dials) > 0
        ? dialer.IsResolving
            ? $"the resolver gives no address of {address}: it has not answered yet"
            : $"{address} does not answer the dial"
        : _wasReached ? null : $"{address} was not reached in time";

    /// <summary>Gives the channels away, if there are any: the next call dials anew.</summary>
    internal ChannelPair? TakeChannels()
    {
        lock (_lock)
        {
            ChannelPair? taken = _channels;
            _channels = null;
            return taken;
        }
    }

    private GrpcChannel Open(bool forRenewals) => GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = DialAsync,
            ConnectTimeout = TimeSpan.FromMilliseconds(Limits.ConnectTimeoutMs),
            EnableMultipleHttp2Connections = !forRenewals,
            KeepAlivePingDelay = TimeSpan.FromMilliseconds(Limits.AnswerProbeMs),
            KeepAlivePingTimeout = TimeSpan.FromMilliseconds(Limits.AnswerProbeTimeoutMs),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = false,
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = forRenewals ? MessageBounds.Usual : Limits.MaxMessageBytes,
        MaxSendMessageSize = MessageBounds.LargestRequest,
        // A few compressed bytes may be a large message: no master sends any.
        CompressionProviders = [],
        // Retries are this library's own business: gRPC's know neither leases nor nonces.
        MaxRetryAttempts = 1,
    });

    private async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _dials);
        try
        {
            Stream connection = await dialer.ConnectAsync(context, cancellation).ConfigureAwait(false);
            _wasReached = true;
            return connection;
        }
        finally
        {
            Interlocked.Decrement(ref _dials);
        }
    }
}

/// <summary>The two channels to one master.</summary>
/// <param name="Calls">For all calls.</param>
/// <param name="Renewals">For the keep-alive stream alone.</param>
internal sealed record ChannelPair(GrpcChannel Calls, GrpcChannel Renewals) : IDisposable
{
    public void Dispose()
    {
        Calls.Dispose();
        Renewals.Dispose();
    }
}
