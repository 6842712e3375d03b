using System.Linq;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>What operators say and are told of drains.</summary>
internal static class DrainRows
{
    internal static Drain Of(DrainRequest request) => new()
    {
        Identity = WireInput.Text("identity", request.Identity, Limits.MaxIdentityBytes),
        Reason = WireInput.Text("reason", request.Reason, Limits.MaxReasonBytes),
        MovesObjects = request.Move,
        RevokesSession = request.Revoke,
    };

    internal static ListDrainsReply ToWire(DrainPage page, ulong masterEpoch)
    {
        ListDrainsReply reply = new() { NextIdentity = page.NextIdentity, MasterEpoch = masterEpoch };
        reply.Drains.AddRange(page.Rows.Select(row => new Protocol.V1.DrainRow
        {
            Identity = row.Drain.Identity,
            Reason = row.Drain.Reason,
            Move = row.Drain.MovesObjects,
            Revoke = row.Drain.RevokesSession,
            SinceUnixMs = (ulong)row.Drain.SinceUnixMs,
            SessionId = row.SessionId,
            ObjectCount = (uint)row.ObjectCount,
        }));
        return reply;
    }
}

/// <summary>What operators ask and are told of access points.</summary>
internal static class AccessPointRows
{
    internal static AccessPointQuery Of(ListAccessPointsRequest request) => new()
    {
        ObjectName = WireInput.Text("object", request.Object, Limits.MaxObjectBytes),
        ObjectPrefix = WireInput.Text("object_prefix", request.ObjectPrefix, Limits.MaxObjectBytes),
        Kind = (AccessPointKind)request.Kind,
        IdentityPrefix = WireInput.Text("identity_prefix", request.IdentityPrefix, Limits.MaxIdentityBytes),
        From = request.From is { } from
            ? new AccessPointPlace(
                from.SessionId, (AccessPointKind)from.Kind, WireInput.Text("from.object", from.Object, Limits.MaxObjectBytes))
            : null,
        Limit = request.Limit,
    };

    internal static ListAccessPointsReply ToWire(AccessPointPage page, ulong masterEpoch)
    {
        ListAccessPointsReply reply = new() { MasterEpoch = masterEpoch };
        if (page.Next is { } next)
        {
            reply.Next = new() { SessionId = next.SessionId, Kind = (uint)next.Kind, Object = next.ObjectName };
        }

        reply.AccessPoints.AddRange(page.Rows.Select(row => new Protocol.V1.AccessPointRow
        {
            Kind = (uint)row.Kind,
            Object = row.ObjectName,
            SessionId = row.Server.SessionId,
            Epoch = row.Server.Epoch,
            Identity = row.Server.Identity,
            Endpoint = row.Server.Endpoint,
            Revision = row.Server.Revision,
        }));
        return reply;
    }
}
