using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Client;

/// <summary>
/// What leads to one master: a connection for each keep-alive stream, which owns it, and one, or more, for everything else, so
/// that no renewal waits for the bytes of an item or a list on a narrow path, and nothing that befalls a call ends a stream. A
/// dial begins with the first call.
/// </summary>
/// <param name="address">"host:port".</param>
/// <param name="dialer">Dials it.</param>
public sealed class MasterConnection(string address, NameDialer dialer)
{
    private GrpcChannel? _calls;
    private int _dials;
    private volatile bool _wasReached;

    /// <summary>"host:port".</summary>
    public string Address => address;

    /// <summary>Dials it.</summary>
    public NameDialer Dialer => dialer;

    /// <summary>Has any dial succeeded? Before that no call can have been carried out over this.</summary>
    public bool WasReached => _wasReached;

    /// <summary>The channel for calls, made when first needed; <see cref="MasterEndpoints"/> locks.</summary>
    internal GrpcChannel Calls => _calls ??= Open(forRenewals: false);

    /// <summary>Is there a channel for calls? <see cref="MasterEndpoints"/> locks.</summary>
    internal bool HasCalls => _calls != null;

    /// <summary>While it is dialled, or was never reached: what has not answered so far. Null: it was reached.</summary>
    public string? Unanswered => Volatile.Read(ref _dials) > 0
        ? dialer.IsResolving
            ? $"the resolver gives no address of {address}: it has not answered yet"
            : $"{address} does not answer the dial"
        : _wasReached ? null : $"{address} was not reached in time";

    /// <summary>Gives the channel for calls away, if there is one: the next call dials again. <see cref="MasterEndpoints"/> locks.</summary>
    internal GrpcChannel? TakeCalls()
    {
        GrpcChannel? taken = _calls;
        _calls = null;
        return taken;
    }

    /// <summary>A channel for one keep-alive stream, which disposes of it.</summary>
    public GrpcChannel OpenForRenewals() => Open(forRenewals: true);

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

/// <summary>One attempt of a call: where, over what, since when. The outcome counts for this connection and for no later one.</summary>
/// <param name="Master">What leads to the master.</param>
/// <param name="Channel">The channel.</param>
/// <param name="SentNs">The clock before.</param>
public readonly record struct Attempt(MasterConnection Master, GrpcChannel Channel, long SentNs);
