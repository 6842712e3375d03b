using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Microsoft.AspNetCore.Http.Features;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server;

/// <summary>The gRPC service that followers call: check, call the master, convert back.</summary>
internal sealed class SessionsService(SessionVerbs verbs, CallGate gate, WatchStreams watches) : Wire.Sessions.SessionsBase
{
    public override async Task<CreateSessionReply> CreateSession(CreateSessionRequest request, ServerCallContext context)
    {
        return ToWire(await verbs
            .CreateSessionAsync(
                WireInput.Description(request.Description) with { Items = WireInput.Items(request.Items) },
                ConnectionOf(request.Nonce, request.SecretHash), WireInput.Abandoned(request.AbandonedNonces), PeerOf(context),
                context.CancellationToken).ConfigureAwait(false), request.Nonce);
    }

    public override async Task<CreateSessionReply> ReattachSession(
        ReattachSessionRequest request, ServerCallContext context)
    {
        return ToWire(await verbs.ReattachSessionAsync(
            request.SessionId, WireInput.Text("identity", request.Identity, Limits.MaxIdentityBytes),
            SecretOnTheWire.FromWire(request.Secret), ConnectionOf(request.Nonce, request.SecretHash),
            PeerOf(context), context.CancellationToken).ConfigureAwait(false), request.Nonce);
    }

    public override async Task KeepAlive(
        IAsyncStreamReader<KeepAliveRequest> requestStream, IServerStreamWriter<KeepAliveReply> responseStream,
        ServerCallContext context)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, verbs.Stopping);
        ClientConnection connection = context.GetHttpContext().Features.GetRequiredFeature<ClientConnection>();
        using KeepAliveConversation conversation = new(verbs, responseStream, gate, connection, StreamRights.Of(context));
        await conversation.RunAsync(requestStream, ending.Token).ConfigureAwait(false);
    }

    public override async Task<CloseSessionReply> CloseSession(CloseSessionRequest request, ServerCallContext context)
    {
        await verbs.CloseSessionAsync(WireInput.Key(request.Session)).ConfigureAwait(false);
        return new CloseSessionReply();
    }

    public override async Task<SetItemReply> SetItem(SetItemRequest request, ServerCallContext context) => new()
    {
        Revision = await verbs.SetItemAsync(
            WireInput.Key(request.Session), WireInput.Write(request.Write), WireInput.Text("key", request.Key, Limits.MaxItemKeyBytes),
            request.Value.ToByteArray(), request.HasCompareRevision ? request.CompareRevision : null,
            context.CancellationToken).ConfigureAwait(false),
    };

    public override async Task<RemoveItemReply> RemoveItem(RemoveItemRequest request, ServerCallContext context) => new()
    {
        Revision = await verbs.RemoveItemAsync(
            WireInput.Key(request.Session), WireInput.Write(request.Write), WireInput.Text("key", request.Key, Limits.MaxItemKeyBytes),
            request.HasCompareRevision ? request.CompareRevision : null, context.CancellationToken).ConfigureAwait(false),
    };

    public override async Task<ApplyItemsReply> ApplyItems(ApplyItemsRequest request, ServerCallContext context) => new()
    {
        Revision = await verbs.ApplyItemsAsync(
            WireInput.Key(request.Session), WireInput.Write(request.Write), WireInput.ItemChanges(request.Changes),
            context.CancellationToken).ConfigureAwait(false),
    };

    public override async Task<GetItemReply> GetItem(GetItemRequest request, ServerCallContext context) => new()
    {
        Item = SessionRows.ToWire(await verbs.GetItemAsync(
            WireInput.Key(request.Session), WireInput.Text("key", request.Key, Limits.MaxItemKeyBytes),
            context.CancellationToken).ConfigureAwait(false)),
    };

    public override async Task<ListItemsReply> ListItems(ListItemsRequest request, ServerCallContext context)
    {
        ListItemsReply reply = new();
        reply.Items.AddRange((await verbs.ListItemsAsync(
            WireInput.Key(request.Session), WireInput.Text("prefix", request.Prefix, Limits.MaxItemKeyBytes),
            context.CancellationToken).ConfigureAwait(false)).Select(SessionRows.ToWire));
        return reply;
    }

    public override async Task<FindAccessPointReply> FindAccessPoint(
        FindAccessPointRequest request, ServerCallContext context)
    {
        Sessions.AccessPoint found = await verbs.FindAccessPointAsync(
            WireInput.Key(request.Session), (Sessions.AccessPointKind)request.Kind,
            WireInput.Text("object", request.Object, Limits.MaxObjectBytes), context.CancellationToken).ConfigureAwait(false);
        return new FindAccessPointReply
        {
            SessionId = found.SessionId,
            Epoch = found.Epoch,
            Identity = found.Identity,
            Endpoint = found.Endpoint,
            Revision = found.Revision,
        };
    }

    public override async Task<ReleaseAccessPointReply> ReleaseAccessPoint(
        ReleaseAccessPointRequest request, ServerCallContext context)
    {
        await verbs.ReleaseAccessPointAsync(
            WireInput.Key(request.Session), (Sessions.AccessPointKind)request.Kind,
            WireInput.Text("object", request.Object, Limits.MaxObjectBytes),
            new ReleasedAssignment(request.ServerSessionId, request.ServerEpoch, request.Revision),
            context.CancellationToken).ConfigureAwait(false);
        return new ReleaseAccessPointReply();
    }

    public override async Task<ReportDataReply> ReportData(ReportDataRequest request, ServerCallContext context) => new()
    {
        Next = SessionRows.ToWire(await verbs.ReportDataAsync(
            WireInput.Key(request.Session), WireInput.Write(request.Write), WireInput.Window(request.Window),
            request.Pids.ToArray(), context.CancellationToken).ConfigureAwait(false)),
    };

    public override async Task<ListSessionsReply> ListSessions(ListSessionsRequest request, ServerCallContext context) =>
        SessionRows.ToWire(await verbs.ListSessionsAsync(
            WireInput.Key(request.Session), request.FromSessionId, request.Limit,
            WireInput.Text("identity_prefix", request.IdentityPrefix, Limits.MaxIdentityBytes),
            context.CancellationToken).ConfigureAwait(false), verbs.Time.NowNs);

    public override async Task<FindSessionReply> FindSession(FindSessionRequest request, ServerCallContext context)
    {
        SessionRow found = await verbs.FindSessionAsync(
            WireInput.Key(request.Session), WireInput.Text("identity", request.Identity, Limits.MaxIdentityBytes),
            context.CancellationToken).ConfigureAwait(false);
        return new FindSessionReply { Found = SessionRows.ToWire(found, verbs.Time.NowNs), MasterEpoch = found.MasterEpoch };
    }

    public override async Task<ListItemsReply> ListSessionItems(ListSessionItemsRequest request, ServerCallContext context)
    {
        ListItemsReply reply = new();
        reply.Items.AddRange((await verbs.ListSessionItemsAsync(
            WireInput.Key(request.Session), request.SessionId, WireInput.Text("prefix", request.Prefix, Limits.MaxItemKeyBytes),
            context.CancellationToken).ConfigureAwait(false)).Select(SessionRows.ToWire));
        return reply;
    }

    public override Task Watch(WatchRequest request, IServerStreamWriter<WatchReply> responseStream, ServerCallContext context) =>
        watches.RunAsync(request, WireInput.Key(request.Session), responseStream, context);

    private static string PeerOf(ServerCallContext context) =>
        context.GetHttpContext().Features.GetRequiredFeature<ClientConnection>().Peer;

    private static ToldConnection ConnectionOf(ulong nonce, ByteString secretHash) =>
        new(WireInput.Nonce(nonce), SecretOnTheWire.HashFromWire(secretHash));

    private static CreateSessionReply ToWire(GrantedAnswer granted, ulong nonce) => new()
    {
        SessionId = granted.Key.SessionId,
        Epoch = granted.Key.Epoch,
        Nonce = nonce,
        MasterEpoch = granted.MasterEpoch,
        LongestTermMs = granted.LongestTermMs,
        ClockRateBoundPpm = granted.ClockRateBoundPpm,
        TermMs = granted.TermMs,
        RenewalIntervalMs = granted.RenewalIntervalMs,
        RenewalPhaseMs = granted.RenewalPhaseMs,
        Capabilities = granted.Capabilities,
        ReportWindow = SessionRows.ToWire(granted.ReportWindow),
        ItemsSet = (uint)granted.ItemsOfCreate,
    };
}
