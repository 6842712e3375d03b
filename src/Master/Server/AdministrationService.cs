using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server;

/// <summary>The gRPC service that operators call.</summary>
internal sealed class AdministrationService(SessionVerbs verbs) : Administration.AdministrationBase
{
    public override Task<ListSessionsReply> ListSessions(ListSessionsRequest request, ServerCallContext context)
    {
        SessionPage page = verbs.ListSessions(request.FromSessionId, request.Limit);
        return Task.FromResult(SessionRows.ToWire(page, verbs.Time.NowNs));
    }

    public override async Task<RevokeSessionReply> RevokeSession(RevokeSessionRequest request, ServerCallContext context)
    {
        await verbs.RevokeSessionAsync(
            request.SessionId, request.Epoch, WireInput.Text("reason", request.Reason, Limits.MaxReasonBytes),
            context.CancellationToken).ConfigureAwait(false);
        return new RevokeSessionReply();
    }

    public override Task<ListItemsReply> ListSessionItems(ListSessionItemsRequest request, ServerCallContext context)
    {
        ListItemsReply reply = new();
        reply.Items.AddRange(verbs
            .ListItems(request.SessionId, WireInput.Text("prefix", request.Prefix, Limits.MaxItemKeyBytes))
            .Select(SessionsService.ToWire));
        return Task.FromResult(reply);
    }
}
