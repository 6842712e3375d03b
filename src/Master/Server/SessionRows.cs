using System.Linq;
using Interop.Sessions.Protocol.V1;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// What callers are told of other servers' sessions. A row has neither the nonce nor the secret, which are between a holder and
/// its master.
/// </summary>
internal static class SessionRows
{
    internal static ListSessionsReply ToWire(SessionPage page, long nowNs)
    {
        ListSessionsReply reply = new()
        {
            NextSessionId = page.NextSessionId,
            MasterEpoch = page.Rows.Count > 0 ? page.Rows[0].MasterEpoch : 0,
        };
        reply.Sessions.AddRange(page.Rows.Select(row => ToWire(row, nowNs)));
        return reply;
    }

    internal static Wire.SessionRow ToWire(SessionRow row, long nowNs) => new()
    {
        SessionId = row.SessionId,
        Epoch = row.Epoch,
        Description = new Wire.ServerDescription
        {
            Identity = row.Description.Identity,
            HostName = row.Description.HostName,
            ProcessId = row.Description.ProcessId,
            Capabilities = row.Description.Capabilities,
            Endpoints =
            {
                row.Description.Endpoints.Select(
                    endpoint => new Wire.Endpoint { Kind = (uint)endpoint.Kind, Address = endpoint.Address }),
            },
            TermMs = row.Description.TermMs,
        },
        GrantedCapabilities = row.GrantedCapabilities,
        ReportWindow = SessionsService.ToWire(row.ReportWindow),
        TermMs = row.TermMs,
        Flags = (uint)row.Flags,
        RemainingMs = (uint)Ns.ToMs(Ns.Left(row.DeadlineNs, nowNs)),
        ItemCount = (uint)row.ItemCount,
    };
}
