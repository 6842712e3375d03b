using System.Linq;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>What a watch says, on the wire, and what is asked of it.</summary>
internal static class WatchRows
{
    internal static WatchAsk FromWire(WatchRequest request, SessionKey? caller) => new(
        new WatchFilter(
            request.Kinds == 0 ? WatchKinds.All : (WatchKinds)request.Kinds,
            WireInput.Text("identity_prefix", request.IdentityPrefix, Limits.MaxIdentityBytes),
            WireInput.Text("item_key_prefix", request.ItemKeyPrefix, Limits.MaxItemKeyBytes),
            WireInput.Text("object_prefix", request.ObjectPrefix, Limits.MaxObjectBytes)),
        request.AfterRevision == 0 ? null : request.AfterRevision,
        request.WithState,
        request.ProgressMs == 0 ? Limits.DefaultWatchProgressMs : request.ProgressMs)
    {
        Caller = caller,
    };

    internal static WatchReply ToWire(WatchSaid said)
    {
        WatchReply reply = new() { Revision = said.Page.Revision, MasterEpoch = said.MasterEpoch };
        reply.Events.AddRange(said.Page.Events.Select(ToWire));
        return reply;
    }

    private static WatchEvent ToWire(SessionEvent said)
    {
        WatchEvent wire = new()
        {
            Kind = (uint)said.Kind,
            Revision = said.Revision,
            SessionId = said.SessionId,
            Epoch = said.Epoch,
            Identity = said.Identity,
            TermMs = said.TermMs,
            Flags = (uint)said.Flags,
            Reason = (uint)said.EndReason,
            Text = said.Text,
            AccessPointKind = (uint)said.AccessPointKind,
            Object = said.ObjectName,
            Endpoint = said.Endpoint,
        };
        if (said.Description is { } description)
        {
            wire.Description = SessionRows.ToWire(description);
        }

        if (said.Item is { } item)
        {
            wire.Item = SessionRows.ToWire(item);
        }

        return wire;
    }
}
