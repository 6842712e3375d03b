using System;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server;

/// <summary>The gRPC service that operators call.</summary>
internal sealed class AdministrationService(SessionMaster master) : Administration.AdministrationBase
{
    public override Task<ListSessionsReply> ListSessions(ListSessionsRequest request, ServerCallContext context)
    {
        SessionPage page = master.ListSessions(request.FromSessionId, request.Limit);
        ListSessionsReply reply = new() { NextSessionId = page.NextSessionId };
        reply.Sessions.AddRange(page.Rows.Select(ToWire));
        return Task.FromResult(reply);
    }

    public override async Task<RevokeSessionReply> RevokeSession(RevokeSessionRequest request, ServerCallContext context)
    {
        await master.RevokeSessionAsync(
            request.SessionId, request.Epoch, WireInput.Text("reason", request.Reason, Limits.MaxReasonBytes),
            context.CancellationToken).ConfigureAwait(false);
        return new RevokeSessionReply();
    }

    public override Task<ListItemsReply> ListSessionItems(ListSessionItemsRequest request, ServerCallContext context)
    {
        ListItemsReply reply = new();
        reply.Items.AddRange(master
            .ListItems(request.SessionId, WireInput.Text("prefix", request.Prefix, Limits.MaxItemKeyBytes))
            .Select(SessionsService.ToWire));
        return Task.FromResult(reply);
    }

    private static Wire.SessionRow ToWire(SessionRow row) => new()
    {
        SessionId = row.SessionId,
        Epoch = row.Epoch,
        Item = new Wire.SessionItem
        {
            Identity = row.Item.Identity,
            HostName = row.Item.HostName,
            ProcessId = row.Item.ProcessId,
            Capabilities = row.Item.Capabilities,
            NfsEndpoint = row.Item.NfsEndpoint,
            IscsiEndpoint = row.Item.IscsiEndpoint,
            TermMs = row.Item.TermMs,
        },
        GrantedCapabilities = row.GrantedCapabilities,
        ReportWindow = SessionsService.ToWire(row.ReportWindow),
        TermMs = row.TermMs,
        RemainingMs = (uint)Math.Max(0, (row.DeadlineNs - BootClock.NowNs) / 1_000_000),
        ItemCount = (uint)row.ItemCount,
    };
}
