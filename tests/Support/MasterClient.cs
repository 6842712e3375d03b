using System;
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

    internal MasterClient(int port)
    {
        _channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}",
            new GrpcChannelOptions { MaxReceiveMessageSize = Limits.MaxMessageBytes, MaxRetryAttempts = 0 });
        Calls = _channel.Intercept(new Deadlines());
        Sessions = new Wire.Sessions.SessionsClient(Calls);
        Administration = new Wire.Administration.AdministrationClient(Calls);
    }

    internal Wire.Sessions.SessionsClient Sessions { get; }

    internal Wire.Administration.AdministrationClient Administration { get; }

    /// <summary>For what no client was generated for.</summary>
    internal CallInvoker Calls { get; }

    internal static ulong NewNonce() => (ulong)Interlocked.Increment(ref _lastNonce);

    internal static Wire.CreateSessionRequest RequestFor(string identity, uint termMs = 0) => new()
    {
        Nonce = NewNonce(),
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
