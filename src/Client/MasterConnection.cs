using System;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Interop.Sessions.Follower;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Client;

/// <summary>
/// What leads to one master: a connection for each keep-alive stream, which owns it, and one, or more, for everything else, so
/// that no renewal waits for the bytes of an item or a list on a narrow path, and nothing that befalls a call ends a stream. A
/// dial begins with the first call.
/// </summary>
/// <param name="address">"host:port" or "unix:/path".</param>
/// <param name="dialer">Dials it, if it has a host.</param>
/// <param name="trust">Makes sure of the master.</param>
/// <param name="token">What shows it the name of this process; null: nothing does.</param>
public sealed class MasterConnection(string address, NameDialer dialer, PeerTrust trust, CallerToken? token = null)
{
    private readonly UnixDomainSocketEndPoint? _socket = UnixEndpoint.PathOf(address) is { } path ? new(path) : null;
    private GrpcChannel? _calls;
    private int _dials;
    private volatile bool _wasReached;

    /// <summary>"host:port" or "unix:/path".</summary>
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

    // A socket's path is no part of a URL.
    private string Url => _socket == null ? $"{trust.Scheme}://{address}" : "http://localhost";

    private GrpcChannel Open(bool forRenewals) => GrpcChannel.ForAddress(Url, new GrpcChannelOptions
    {
        HttpHandler = token == null ? Answers(forRenewals) : new TokenHandler(token, Answers(forRenewals)),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = forRenewals ? MessageBounds.Usual : Limits.MaxMessageBytes,
        MaxSendMessageSize = MessageBounds.LargestRequest,
        // A few compressed bytes may be a large message: no master sends any.
        CompressionProviders = [],
        // Retries are this library's own business: gRPC's know neither leases nor nonces.
        MaxRetryAttempts = 1,
    });

    private BoundedAnswers Answers(bool forRenewals) => new(Handler(forRenewals));

    private SocketsHttpHandler Handler(bool forRenewals) => new()
    {
        ConnectCallback = DialAsync,
        ConnectTimeout = TimeSpan.FromMilliseconds(Limits.ConnectTimeoutMs + (trust.Files == null ? 0 : Limits.HandshakeMs)),
        EnableMultipleHttp2Connections = !forRenewals,
        KeepAlivePingDelay = TimeSpan.FromMilliseconds(Limits.AnswerProbeMs),
        KeepAlivePingTimeout = TimeSpan.FromMilliseconds(Limits.AnswerProbeTimeoutMs),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        UseProxy = false,
        // No master says so, and whoever does wants what is sent, secrets and all, somewhere else.
        AllowAutoRedirect = false,
    };

    private async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _dials);
        try
        {
            NetworkStream dialled = _socket == null
                ? await dialer.ConnectAsync(context, cancellation).ConfigureAwait(false)
                : await DirectDial.ConnectAsync(_socket, cancellation).ConfigureAwait(false);
            Stream connection = await trust.SecureAsync(dialled, context.DnsEndPoint.Host, cancellation).ConfigureAwait(false);
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
public readonly record struct Attempt(MasterConnection Master, GrpcChannel Channel, long SentNs)
{
    /// <summary>Among which masters it goes its way, and for which its outcome counts.</summary>
    internal Endpoints Way { get; init; } = null!;
}
