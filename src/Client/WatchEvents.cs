using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Client;

/// <summary>
/// What a watch says, from the wire. It is a stranger's word: an event without what it is about is one of another release, or of no master.
/// </summary>
internal static class WatchEvents
{
    /// <summary>The events of a message; what a newer master says beside them is left out.</summary>
    /// <exception cref="SessionException">Unsupported; NoMaster: it could be of none, and whoever went on from there would hear nothing.</exception>
    internal static IReadOnlyList<SessionEvent> Of(WatchReply reply) => !IsOfAMaster(reply)
        ? throw new SessionException(
            SessionStatus.NoMaster, $"a watch told of master epoch {reply.MasterEpoch} and of a revision up to which no master counts")
        : [.. reply.Events.Where(said => said.Kind is > 0 and <= (uint)SessionEventKind.StateEnds).Select(said => Of(said, reply.MasterEpoch))];

    private static bool IsOfAMaster(WatchReply reply) =>
        GrantedNumbers.IsLeadership(reply.MasterEpoch) && GrantedNumbers.IsRevision(reply.Revision) &&
        reply.Events.All(said => GrantedNumbers.IsRevision(said.Revision) && GrantedNumbers.IsRevision(said.Epoch) &&
            GrantedNumbers.IsRevision(said.Item?.Revision ?? 0));

    private static SessionEvent Of(WatchEvent wire, ulong masterEpoch) => new()
    {
        Kind = (SessionEventKind)wire.Kind,
        Revision = wire.Revision,
        MasterEpoch = masterEpoch,
        SessionId = wire.SessionId,
        Epoch = wire.Epoch,
        Identity = wire.Identity,
        Description = wire.Description is { } description ? ServersOnTheWire.Of(description) : null,
        TermMs = wire.TermMs,
        Flags = (SessionFlags)wire.Flags,
        EndReason = (SessionEndReason)wire.Reason,
        Text = wire.Text,
        Item = ItemOf(wire),
        AccessPointKind = (AccessPointKind)wire.AccessPointKind,
        ObjectName = wire.Object,
        Endpoint = wire.Endpoint,
    };

    private static Item? ItemOf(WatchEvent wire) => ((SessionEventKind)wire.Kind, wire.Item) switch
    {
        (SessionEventKind.ItemSet or SessionEventKind.ItemRemoved, null) => throw new SessionException(
            SessionStatus.Unsupported, "the master's watch tells of an item and does not say which, as if it were of another release"),
        (_, null) => null,
        (_, { } item) => new Item(item.Key, item.Value.Memory, item.Revision),
    };
}
