using System;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Tests.Support;

/// <summary>Speaks to a master over the wire, as a client in any language would.</summary>
internal sealed class MasterClient : IDisposable
{
    private static long _lastNonce;
    private readonly GrpcChannel _channel;

    /// <param name="port">The master's.</param>
    /// <param name="token">Who the client is; null: it has no name.</param>
    internal MasterClient(int port, string? token = null)
        : this($"http://127.0.0.1:{port}", null, token)
    {
    }

    /// <param name="url">Of the master.</param>
    /// <param name="handler">Dials it, and goes with this client; null: the usual one.</param>
    /// <param name="token">Who the client is; null: it sends none.</param>
    internal MasterClient(string url, SocketsHttpHandler? handler, string? token)
    {
        _channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = handler != null,
            MaxReceiveMessageSize = Limits.MaxMessageBytes,
            MaxRetryAttempts = 0,
        });
        Calls = _channel.Intercept(new Deadlines());
        if (token != null)
        {
            Calls = Calls.Intercept(headers =>
            {
                headers.Add(BearerOnTheWire.Header, BearerOnTheWire.ValueOf(token));
                return headers;
            });
        }

        Sessions = new Wire.Sessions.SessionsClient(Calls);
        Administration = new Wire.Administration.AdministrationClient(Calls);
    }

    internal Wire.Sessions.SessionsClient Sessions { get; }

    internal Wire.Administration.AdministrationClient Administration { get; }

    /// <summary>For what no client was generated for.</summary>
    internal CallInvoker Calls { get; }

    /// <summary>Over the Unix socket of a master.</summary>
    internal static MasterClient AtSocket(string path, string? token = null) => new(
        "http://localhost",
        new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        },
        token);

    internal static ulong NewNonce() => (ulong)Interlocked.Increment(ref _lastNonce);

    internal static Wire.CreateSessionRequest RequestFor(string identity, uint termMs = 0) => RequestOf(NewNonce(), identity, termMs);

    private static Wire.CreateSessionRequest RequestOf(ulong nonce, string identity, uint termMs) => new()
    {
        Nonce = nonce,
        SecretHash = SecretOnTheWire.ToWire(TestConnections.Of(nonce).Told.SecretHash),
        Description = new Wire.ServerDescription
        {
            Identity = identity,
            HostName = $"host-of-{identity}",
            ProcessId = 4711,
            Capabilities = 0b111,
            Endpoints = { EndpointOf(AccessPointKind.Nfs, $"{identity}:2049"), EndpointOf(AccessPointKind.Iscsi, $"iqn.2026-01.test:{identity}") },
            TermMs = termMs,
        },
    };

    /// <summary>Takes up what a create or a re-attach has got, as another connection.</summary>
    internal static Wire.ReattachSessionRequest Reattach(Wire.SessionKey former, string identity, ulong? nonce = null)
    {
        OwnConnection connection = TestConnections.Of(nonce ?? NewNonce());
        return new()
        {
            SessionId = former.SessionId,
            Identity = identity,
            Secret = SecretOnTheWire.ToWire(TestConnections.SecretOf(former.Nonce)),
            Nonce = connection.Nonce,
            SecretHash = SecretOnTheWire.ToWire(connection.Told.SecretHash),
        };
    }

    internal static Wire.Endpoint EndpointOf(AccessPointKind kind, string address) => new() { Kind = (uint)kind, Address = address };

    internal static Wire.SessionKey KeyOf(Wire.CreateSessionReply reply) =>
        new() { SessionId = reply.SessionId, Epoch = reply.Epoch, Nonce = reply.Nonce };

    internal async Task<Wire.CreateSessionReply> CreateAsync(string identity, uint termMs = 0) =>
        await Sessions.CreateSessionAsync(RequestFor(identity, termMs));

    /// <summary>A session's key alone.</summary>
    internal async Task<Wire.SessionKey> CreateKeyAsync(string identity, uint termMs = 0) =>
        KeyOf(await CreateAsync(identity, termMs));

    internal async Task CloseAsync(Wire.SessionKey key) =>
        await Sessions.CloseSessionAsync(new Wire.CloseSessionRequest { Session = key });

    internal async Task<ulong> SetItemAsync(Wire.SessionKey session, string key, byte[] value, ulong? compareRevision = null)
    {
        Wire.SetItemRequest request = new()
        {
            Session = session,
            Key = key,
            Value = Google.Protobuf.ByteString.CopyFrom(value),
        };
        if (compareRevision is { } compared)
        {
            request.CompareRevision = compared;
        }

        return (await Sessions.SetItemAsync(request)).Revision;
    }

    internal async Task<Wire.ListItemsReply> ListItemsAsync(Wire.SessionKey session, string prefix = "") =>
        await Sessions.ListItemsAsync(new Wire.ListItemsRequest { Session = session, Prefix = prefix });

    internal async Task<Wire.FindAccessPointReply> FindNfsAsync(Wire.SessionKey session, string objectName) =>
        await Sessions.FindAccessPointAsync(new Wire.FindAccessPointRequest
        {
            Session = session,
            Kind = (uint)AccessPointKind.Nfs,
            Object = objectName,
        });

    internal RenewalStream OpenStream() => new(Sessions.KeepAlive());

    /// <summary>The refusal of a call that must be refused.</summary>
    internal static async Task<SessionException> RefusalOf(Func<Task> call) =>
        StatusOnTheWire.FromRpc(await Assert.ThrowsAsync<RpcException>(call));

    /// <summary>How a call ends.</summary>
    internal static async Task<SessionStatus> StatusOf(Func<Task> call)
    {
        try
        {
            await call();
            return SessionStatus.Ok;
        }
        catch (RpcException error)
        {
            return StatusOnTheWire.FromRpc(error).Status;
        }
    }

    /// <summary>A call must be refused with this status and a message that says all this.</summary>
    internal static async Task<SessionException> AssertRefusedAsync(SessionStatus expected, Func<Task> call, params string[] said)
    {
        SessionException refusal = await RefusalOf(call);
        Assert.True(expected == refusal.Status, $"expected {expected}, got {refusal.Status}: {refusal.Message}");
        foreach (string words in said)
        {
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        }

        return refusal;
    }

    public void Dispose() => _channel.Dispose();

    /// <summary>A call that is never answered fails its test, and hangs no run.</summary>
    private sealed class Deadlines : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(
                request, new ClientInterceptorContext<TRequest, TResponse>(
                    context.Method, context.Host, context.Options.WithDeadline(DateTime.UtcNow + (2 * Eventually.Patience))));
    }
}
