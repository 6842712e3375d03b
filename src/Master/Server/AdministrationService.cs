using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server;

/// <summary>The gRPC service that operators call.</summary>
internal sealed class AdministrationService(SessionVerbs verbs, WatchStreams watches) : Administration.AdministrationBase
{
    public override Task<GetStatusReply> GetStatus(GetStatusRequest request, ServerCallContext context) =>
        Task.FromResult(StatusReplies.ToWire(verbs.Standing));

    public override async Task<ResignReply> Resign(ResignRequest request, ServerCallContext context)
    {
        await verbs.ResignAsync(context.CancellationToken).ConfigureAwait(false);
        return new ResignReply();
    }

    public override Task<ListSessionsReply> ListSessions(ListSessionsRequest request, ServerCallContext context)
    {
        SessionPage page = verbs.ListSessions(
            request.FromSessionId, request.Limit, WireInput.Text("identity_prefix", request.IdentityPrefix, Limits.MaxIdentityBytes));
        return Task.FromResult(SessionRows.ToWire(page, verbs.Time.NowNs));
    }

    public override async Task<RevokeSessionReply> RevokeSession(RevokeSessionRequest request, ServerCallContext context)
    {
        await verbs.RevokeSessionAsync(
            request.SessionId, request.Epoch, WireInput.Text("reason", request.Reason, Limits.MaxReasonBytes),
            context.CancellationToken).ConfigureAwait(false);
        return new RevokeSessionReply();
    }

    public override Task Watch(WatchRequest request, IServerStreamWriter<WatchReply> responseStream, ServerCallContext context) =>
        watches.RunAsync(request, null, responseStream, context);

    public override Task<ListEndsReply> ListEnds(ListEndsRequest request, ServerCallContext context) => Task.FromResult(EndRows.ToWire(
        verbs.ListEnds(
            request.FromRevision, request.Limit,
            WireInput.Text("identity_prefix", request.IdentityPrefix, Limits.MaxIdentityBytes), request.SinceMs, out ulong masterEpoch),
        masterEpoch));

    public override async Task<DrainReply> Drain(DrainRequest request, ServerCallContext context)
    {
        await verbs.DrainAsync(DrainRows.Of(request), context.CancellationToken).ConfigureAwait(false);
        return new DrainReply();
    }

    public override async Task<UndrainReply> Undrain(UndrainRequest request, ServerCallContext context)
    {
        await verbs.UndrainAsync(
            WireInput.Text("identity", request.Identity, Limits.MaxIdentityBytes), context.CancellationToken).ConfigureAwait(false);
        return new UndrainReply();
    }

    public override Task<ListDrainsReply> ListDrains(ListDrainsRequest request, ServerCallContext context) => Task.FromResult(DrainRows.ToWire(
        verbs.ListDrains(
            WireInput.Text("from_identity", request.FromIdentity, Limits.MaxIdentityBytes), request.Limit,
            WireInput.Text("identity_prefix", request.IdentityPrefix, Limits.MaxIdentityBytes), out ulong masterEpoch),
        masterEpoch));

    public override async Task<ListAccessPointsReply> ListAccessPoints(ListAccessPointsRequest request, ServerCallContext context)
    {
        (AccessPointPage page, ulong masterEpoch) =
            await verbs.ListAccessPointsAsync(AccessPointRows.Of(request), context.CancellationToken).ConfigureAwait(false);
        return AccessPointRows.ToWire(page, masterEpoch);
    }

    public override Task<ListItemsReply> ListSessionItems(ListSessionItemsRequest request, ServerCallContext context)
    {
        ListItemsReply reply = new();
        reply.Items.AddRange(verbs
            .ListItems(request.SessionId, WireInput.Text("prefix", request.Prefix, Limits.MaxItemKeyBytes))
            .Select(SessionRows.ToWire));
        return Task.FromResult(reply);
    }
}
