using System.Linq;
using Google.Protobuf;
using Interop.Sessions.Protocol.V1;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server.Rows;

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
        Description = ToWire(row.Description),
        GrantedCapabilities = row.GrantedCapabilities,
        ReportWindow = ToWire(row.ReportWindow),
        TermMs = row.TermMs,
        Flags = (uint)row.Flags,
        RemainingMs = (uint)Ns.ToMs(Ns.Left(row.DeadlineNs, nowNs)),
        ItemCount = (uint)row.ItemCount,
    };

    internal static Wire.ServerDescription ToWire(ServerDescription server) => new()
    {
        Identity = server.Identity,
        HostName = server.HostName,
        ProcessId = server.ProcessId,
        Capabilities = server.Capabilities,
        Endpoints = { server.Endpoints.Select(endpoint => new Wire.Endpoint { Kind = (uint)endpoint.Kind, Address = endpoint.Address }) },
        TermMs = server.TermMs,
        Weight = server.Weight,
    };

    internal static Wire.Item ToWire(Sessions.Item item) =>
        new() { Key = item.Key, Value = UnsafeByteOperations.UnsafeWrap(item.Value), Revision = item.Revision };

    internal static Wire.ReportWindow ToWire(Sessions.ReportWindow window) =>
        new() { StartPid = window.StartPid, ReportSize = window.ReportSize };
}
