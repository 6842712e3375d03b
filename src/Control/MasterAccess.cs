using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Client;
using Interop.Sessions.Follower;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control;

/// <summary>The service Administration of whichever master leads.</summary>
internal sealed class MasterAccess : IDisposable
{
    private readonly IReadOnlyList<string> _addresses;
    private readonly uint _timeoutMs;
    private readonly MasterEndpoints _endpoints;
    private readonly MasterCalls _calls;

    internal MasterAccess(IReadOnlyList<string> addresses, uint timeoutMs)
    {
        _addresses = addresses;
        _timeoutMs = timeoutMs;
        _endpoints = new MasterEndpoints(addresses);
        _calls = new MasterCalls(_endpoints);
    }

    /// <summary>All sessions, page by page.</summary>
    internal async IAsyncEnumerable<Protocol.V1.SessionRow> ListSessionsAsync()
    {
        ulong next = 0;
        do
        {
            ListSessionsReply page = await ListPageAsync(next, Limits.DefaultSessionsPerPage).ConfigureAwait(false);
            foreach (Protocol.V1.SessionRow row in page.Sessions)
            {
                yield return row;
            }

            next = page.NextSessionId;
        }
        while (next != 0);
    }

    /// <summary>One session.</summary>
    /// <exception cref="SessionException">UnknownSession.</exception>
    internal async Task<Protocol.V1.SessionRow> FindSessionAsync(ulong sessionId)
    {
        ListSessionsReply page = await ListPageAsync(sessionId, 1).ConfigureAwait(false);
        return page.Sessions.FirstOrDefault(row => row.SessionId == sessionId) ??
            throw new SessionException(SessionStatus.UnknownSession, $"there is no session {sessionId:x16}");
    }

    internal async Task<IReadOnlyList<Protocol.V1.Item>> ListItemsAsync(ulong sessionId, string prefix)
    {
        ListSessionItemsRequest request = new() { SessionId = sessionId, Prefix = prefix };
        ListItemsReply reply = await CallAsync(
            (client, options) => client.ListSessionItemsAsync(request, options), CallKind.Repeatable).ConfigureAwait(false);
        return reply.Items;
    }

    internal Task RevokeSessionAsync(ulong sessionId, ulong epoch, string reason)
    {
        RevokeSessionRequest request = new() { SessionId = sessionId, Epoch = epoch, Reason = reason };
        return CallAsync((client, options) => client.RevokeSessionAsync(request, options), CallKind.Once);
    }

    /// <summary>Asks each master that was named, and no other, whether it leads.</summary>
    internal async IAsyncEnumerable<MasterState> AskMastersAsync()
    {
        foreach (string address in _addresses)
        {
            yield return await AskAsync(address).ConfigureAwait(false);
        }
    }

    public void Dispose() => _endpoints.Dispose();

    private async Task<MasterState> AskAsync(string address)
    {
        using AsyncUnaryCall<ListSessionsReply> call = new Administration.AdministrationClient(NamedCalls.On(_endpoints.Begin(address).Channel))
            .ListSessionsAsync(new ListSessionsRequest { Limit = 1 }, deadline: DateTime.UtcNow.AddMilliseconds(_timeoutMs));
        try
        {
            await call.ResponseAsync.ConfigureAwait(false);
            return new MasterState(address, call.GetTrailers().GetValue(StatusOnTheWire.MasterEpochTrailer), null);
        }
        catch (RpcException error)
        {
            return new MasterState(address, null, StatusOnTheWire.FromRpc(error));
        }
    }

    private Task<ListSessionsReply> ListPageAsync(ulong from, uint limit)
    {
        ListSessionsRequest request = new() { FromSessionId = from, Limit = limit };
        return CallAsync((client, options) => client.ListSessionsAsync(request, options), CallKind.Repeatable);
    }

    private Task<TReply> CallAsync<TReply>(
        Func<Administration.AdministrationClient, CallOptions, AsyncUnaryCall<TReply>> call, CallKind kind) =>
        _calls.CallAsync(
            (GrpcChannel channel, CallOptions options) => call(new Administration.AdministrationClient(NamedCalls.On(channel)), options),
            kind, _timeoutMs, CancellationToken.None);
}

/// <summary>What a master said of itself.</summary>
/// <param name="Address">Where it was asked.</param>
/// <param name="MasterEpoch">Of its leadership, if it leads.</param>
/// <param name="Failure">NotLeader, or why it gave no answer.</param>
internal sealed record MasterState(string Address, string? MasterEpoch, SessionException? Failure);
