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
    private readonly TlsFiles? _tls;
    private readonly MasterEndpoints _endpoints;
    private readonly MasterCalls _calls;
    private readonly WatchCalls _watches;

    /// <exception cref="SessionException">A file of TLS cannot be used.</exception>
    internal MasterAccess(ControlOptions options, CallerToken? token)
    {
        _addresses = options.Masters;
        _timeoutMs = options.TimeoutMs;
        _tls = options.Tls == null ? null : TlsFiles.Open(options.Tls, "tls", new ControlTlsNews(), ControlTlsNews.Unexpected);
        _endpoints = new MasterEndpoints(options.Masters, new PeerTrust(_tls, options.Insecure), token: token);
        _calls = new MasterCalls(_endpoints);
        _watches = new WatchCalls(_endpoints);
    }

    /// <summary>All sessions of servers whose identity begins so, page by page.</summary>
    internal async IAsyncEnumerable<Protocol.V1.SessionRow> ListSessionsAsync(string identityPrefix = "")
    {
        ulong next = 0;
        int empty = 0;
        do
        {
            ListSessionsReply page = await ListPageAsync(next, Limits.DefaultSessionsPerPage, identityPrefix).ConfigureAwait(false);
            empty = page.Sessions.Count == 0 ? empty + 1 : 0;
            if (empty > Limits.MaxEmptyPages)
            {
                throw new SessionException(SessionStatus.Internal, $"the master answers {empty} pages without a session, and goes on");
            }

            foreach (Protocol.V1.SessionRow row in page.Sessions)
            {
                yield return Whole(row);
            }

            next = page.NextSessionId > next ? page.NextSessionId : 0;
        }
        while (next != 0);
    }

    /// <summary>All that there is, and what changes.</summary>
    internal IAsyncEnumerable<SessionEvent> WatchAsync(WatchOptions options, CancellationToken cancellation) =>
        _watches.WatchAsync(options, WatchCalls.ForAnybody, _timeoutMs, cancellation).EndedBy(cancellation);

    /// <summary>The ends that are kept, page by page.</summary>
    internal async IAsyncEnumerable<EndRow> ListEndsAsync(string identityPrefix, ulong sinceMs)
    {
        ListEndsRequest request = new() { IdentityPrefix = identityPrefix, SinceMs = sinceMs };
        do
        {
            ListEndsReply page = await CallAsync(
                (client, options) => client.ListEndsAsync(request, options), CallKind.Repeatable).ConfigureAwait(false);
            foreach (EndRow row in page.Ends)
            {
                yield return row;
            }

            // One that goes nowhere would be asked for again for ever.
            request.FromRevision = page.NextRevision > request.FromRevision ? page.NextRevision : 0;
        }
        while (request.FromRevision != 0);
    }

    /// <summary>
    /// One session, by its id or by the identity of its server. What servers call themselves is theirs to say: one that is called as
    /// another's session is meant by neither.
    /// </summary>
    /// <exception cref="SessionException">UnknownSession; InvalidArgument: it is the id of one and the identity of another.</exception>
    internal async Task<Protocol.V1.SessionRow> FindSessionAsync(string named)
    {
        Protocol.V1.SessionRow? byId = SessionArgument.IsId(named, out ulong id) ? await FindIdAsync(id).ConfigureAwait(false) : null;
        Protocol.V1.SessionRow? byIdentity = await ListSessionsAsync(named).FirstOrDefaultAsync(row => row.Description.Identity == named)
            .ConfigureAwait(false);
        if (byId != null && byIdentity != null && byIdentity.SessionId != id)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument,
                $"'{named}' is the session of '{byId.Description.Identity}', and the identity that has session {byIdentity.SessionId:x16}");
        }

        return byId ?? byIdentity ?? throw new SessionException(
            SessionStatus.UnknownSession, $"'{named}' is no session's id, which has 16 hexadecimal digits, and no identity that has a session");
    }

    private async Task<Protocol.V1.SessionRow?> FindIdAsync(ulong id)
    {
        ListSessionsReply page = await ListPageAsync(id, 1).ConfigureAwait(false);
        return page.Sessions.Where(row => row.SessionId == id).Select(Whole).FirstOrDefault();
    }

    // A stranger may answer at the address that was given: what is not there is shown as empty.
    private static Protocol.V1.SessionRow Whole(Protocol.V1.SessionRow row)
    {
        row.Description ??= new();
        row.ReportWindow ??= new();
        return row;
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

    internal Task DrainAsync(DrainRequest request) =>
        CallAsync((client, options) => client.DrainAsync(request, options), CallKind.Repeatable);

    internal Task UndrainAsync(string identity)
    {
        UndrainRequest request = new() { Identity = identity };
        return CallAsync((client, options) => client.UndrainAsync(request, options), CallKind.Repeatable);
    }

    /// <summary>The identities that are drained, page by page.</summary>
    internal async IAsyncEnumerable<DrainRow> ListDrainsAsync(string identityPrefix)
    {
        ListDrainsRequest request = new() { IdentityPrefix = identityPrefix };
        do
        {
            ListDrainsReply page = await CallAsync(
                (client, options) => client.ListDrainsAsync(request, options), CallKind.Repeatable).ConfigureAwait(false);
            foreach (DrainRow row in page.Drains)
            {
                yield return row;
            }

            request.FromIdentity = string.CompareOrdinal(page.NextIdentity, request.FromIdentity) > 0 ? page.NextIdentity : "";
        }
        while (request.FromIdentity.Length > 0);
    }

    /// <summary>Which server answers for which object, page by page.</summary>
    internal async IAsyncEnumerable<AccessPointRow> ListAccessPointsAsync(ListAccessPointsRequest request)
    {
        do
        {
            ListAccessPointsReply page = await CallAsync(
                (client, options) => client.ListAccessPointsAsync(request, options), CallKind.Repeatable).ConfigureAwait(false);
            foreach (AccessPointRow row in page.AccessPoints)
            {
                yield return row;
            }

            request.From = page.Next != null && IsBeyond(page.Next, request.From) ? page.Next : null;
        }
        while (request.From != null);
    }

    // A page that goes nowhere would be asked for again for ever.
    private static bool IsBeyond(Protocol.V1.AccessPointPlace next, Protocol.V1.AccessPointPlace? from) =>
        from == null || next.SessionId > from.SessionId || (next.SessionId == from.SessionId && (next.Kind > from.Kind ||
            (next.Kind == from.Kind && string.CompareOrdinal(next.Object, from.Object) > 0)));

    /// <summary>Asks each master that was named, and no other, whether it leads.</summary>
    internal async IAsyncEnumerable<MasterState> AskMastersAsync()
    {
        foreach (string address in _addresses)
        {
            yield return await AskAsync(address).ConfigureAwait(false);
        }
    }

    /// <summary>Asks each master that was named, and no other, how it stands.</summary>
    internal async IAsyncEnumerable<(string Address, GetStatusReply? Status, SessionException? Failure)> AskStatusAsync()
    {
        foreach (string address in _addresses)
        {
            (GetStatusReply? status, _, SessionException? failure) = await AskAsync(
                address, (client, options) => client.GetStatusAsync(new GetStatusRequest(), options)).ConfigureAwait(false);
            yield return (address, status, failure);
        }
    }

    /// <summary>Whoever leads lets another lead.</summary>
    internal Task ResignAsync() =>
        CallAsync((client, options) => client.ResignAsync(new ResignRequest(), options), CallKind.Once);

    public void Dispose()
    {
        _endpoints.Dispose();
        _tls?.Dispose();
    }

    private async Task<MasterState> AskAsync(string address)
    {
        (_, string? masterEpoch, SessionException? failure) = await AskAsync(
            address, (client, options) => client.ListSessionsAsync(new ListSessionsRequest { Limit = 1 }, options)).ConfigureAwait(false);
        return new MasterState(address, masterEpoch, failure);
    }

    private async Task<(TReply? Reply, string? MasterEpoch, SessionException? Failure)> AskAsync<TReply>(
        string address, Func<Administration.AdministrationClient, CallOptions, AsyncUnaryCall<TReply>> ask)
        where TReply : class
    {
        using AsyncUnaryCall<TReply> call = ask(
            new Administration.AdministrationClient(NamedCalls.On(_endpoints.Begin(address).Channel)),
            new CallOptions(deadline: DateTime.UtcNow.AddMilliseconds(_timeoutMs)));
        try
        {
            TReply reply = await call.ResponseAsync.ConfigureAwait(false);
            return (reply, call.GetTrailers().GetValue(StatusOnTheWire.MasterEpochTrailer), null);
        }
        catch (RpcException error)
        {
            return (null, null, StatusOnTheWire.FromRpc(error));
        }
    }

    private Task<ListSessionsReply> ListPageAsync(ulong from, uint limit, string identityPrefix = "")
    {
        ListSessionsRequest request = new() { FromSessionId = from, Limit = limit, IdentityPrefix = identityPrefix };
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
