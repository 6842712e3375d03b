using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Client;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;
using Wire = Interop.Sessions.Protocol.V1.Sessions;

namespace Interop.Sessions.Follower.Client;

/// <summary>
/// Speaks to the master over the socket for followers, and fills in the server description. One client serves all followers of a process.
/// </summary>
internal sealed partial class SessionClient(
    MasterEndpoints endpoints, HolderBounds bounds, ILogger logger, LogBudgets budgets)
{
    private readonly MasterCalls _calls = new(endpoints);
    private readonly WatchCalls _watches = new(endpoints);

    internal IAsyncEnumerable<SessionEvent> WatchAsync(SessionKey key, WatchOptions options, CancellationToken cancellation) =>
        _watches.WatchAsync(
            options,
            (channel, request, call) =>
            {
                request.Session = ToWire(key);
                return new Wire.SessionsClient(NamedCalls.On(channel)).Watch(request, call);
            },
            patienceMs: 0, cancellation);

    private Task<TReply> CallAsync<TReply>(
        Func<Wire.SessionsClient, CallOptions, AsyncUnaryCall<TReply>> call, CallKind kind, uint timeoutMs,
        CancellationToken cancellation) =>
        _calls.CallAsync(
            (channel, options) => call(new Wire.SessionsClient(NamedCalls.On(channel)), options), kind, timeoutMs, cancellation);

    private static Protocol.V1.SessionKey ToWire(SessionKey key) =>
        new() { SessionId = key.SessionId, Epoch = key.Epoch, Nonce = key.Nonce };
}
