using System.Collections.Generic;
using System.Linq;
using System.Text;
using Google.Protobuf.Collections;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>
/// What a client sent, checked; every refusal names the field and the limit. Behind this no nonce is known, but only its hash.
/// </summary>
internal static class WireInput
{
    internal static SessionKey Key(Protocol.V1.SessionKey? wire) =>
        wire == null ? throw Missing("session") : new SessionKey(wire.SessionId, wire.Epoch, NonceHash.Of(wire.Nonce));

    internal static ServerDescription Description(Protocol.V1.ServerDescription? wire)
    {
        if (wire == null)
        {
            throw Missing("description");
        }

        if (wire.Identity.Length == 0)
        {
            throw new SessionException(SessionStatus.InvalidArgument, "description.identity must not be empty");
        }

        return new ServerDescription
        {
            Identity = Text("description.identity", wire.Identity, Limits.MaxIdentityBytes),
            HostName = Text("description.host_name", wire.HostName, Limits.MaxHostNameBytes),
            ProcessId = wire.ProcessId,
            Capabilities = wire.Capabilities,
            Endpoints = Endpoints("description.endpoints", wire.Endpoints),
            TermMs = wire.TermMs,
            Weight = Weight("description.weight", wire.Weight),
        };
    }

    private static uint Weight(string field, uint wire) => wire == 0 ? Limits.DefaultWeight
        : wire <= Limits.MaxWeight ? wire
        : throw new SessionException(
            SessionStatus.InvalidArgument, $"{field} is {wire}; it must be 1 to {Limits.MaxWeight}, or 0 for {Limits.DefaultWeight}");

    private static EndpointList Endpoints(string field, RepeatedField<Protocol.V1.Endpoint> wire)
    {
        if (wire.Count > Limits.MaxEndpointsPerServer)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"{field} has {wire.Count} entries; the limit is {Limits.MaxEndpointsPerServer}");
        }

        Endpoint[] endpoints = new Endpoint[wire.Count];
        for (int i = 0; i < endpoints.Length; i++)
        {
            string address = Text($"{field}[{i}].address", wire[i].Address, Limits.MaxEndpointBytes);
            endpoints[i] = address.Length > 0
                ? new Endpoint(AccessPointKinds.Require((AccessPointKind)wire[i].Kind, $"{field}[{i}].kind"), address)
                : throw new SessionException(SessionStatus.InvalidArgument, $"{field}[{i}].address must not be empty");
        }

        return [.. endpoints];
    }

    internal static ReportWindow Window(Protocol.V1.ReportWindow? wire) =>
        wire == null ? throw Missing("window") : new ReportWindow(wire.StartPid, wire.ReportSize);

    internal static string Text(string field, string value, int maxBytes)
    {
        int size = Encoding.UTF8.GetByteCount(value);
        if (size > maxBytes)
        {
            throw new SessionException(SessionStatus.TooLong, $"{field} has {size} bytes; the limit is {maxBytes}");
        }

        return value.Contains('\0', System.StringComparison.Ordinal)
            ? throw new SessionException(SessionStatus.InvalidArgument, $"{field} contains a NUL character")
            : value;
    }

    /// <summary>The hash of a nonce. 0 is what a client that knows no nonces sends: two of them would share one session.</summary>
    internal static ulong Nonce(ulong wire) => wire == 0 ? throw Missing("nonce") : NonceHash.Of(wire);

    /// <summary>Changes that make no sense together are refused where they are decided.</summary>
    internal static IReadOnlyList<ItemChange> ItemChanges(RepeatedField<Protocol.V1.ItemChange> wire)
    {
        if (wire.Count > Limits.MaxItemChanges)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"changes has {wire.Count} entries; the limit is {Limits.MaxItemChanges}");
        }

        ItemChange[] changes = new ItemChange[wire.Count];
        for (int i = 0; i < changes.Length; i++)
        {
            Protocol.V1.ItemChange change = wire[i];
            changes[i] = new ItemChange(
                Kind(change.Kind, i), Text($"changes[{i}].key", change.Key, Limits.MaxItemKeyBytes), change.Value.ToByteArray(),
                change.HasCompareRevision ? change.CompareRevision : null);
        }

        return changes;
    }

    /// <summary>The items of a create: refused before the host is asked.</summary>
    internal static IReadOnlyList<Item> Items(RepeatedField<Protocol.V1.Item> wire)
    {
        if (wire.Count > Limits.MaxItemChanges)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"items has {wire.Count} entries; the limit is {Limits.MaxItemChanges}");
        }

        Item[] items =
        [
            .. wire.Select((item, i) => new Item(
                Text($"items[{i}].key", item.Key, Limits.MaxItemKeyBytes), item.Value.ToByteArray(), item.Revision)),
        ];
        Sessions.ItemChanges.OfNew(items);
        return items;
    }

    /// <summary>A change that only a newer release knows is refused, and not silently left out.</summary>
    private static ItemChangeKind Kind(uint wire, int index) => wire <= (uint)ItemChangeKind.Check
        ? (ItemChangeKind)wire
        : throw new SessionException(
            SessionStatus.Unsupported, $"changes[{index}].kind is {wire}, which this master does not know; nothing was done");

    internal static WriteId Write(Protocol.V1.WriteId? wire) =>
        wire == null ? default : new WriteId(wire.Number, wire.FirstUnfinished);

    internal static IReadOnlyCollection<ulong> Abandoned(IReadOnlyCollection<ulong> wire) =>
        wire.Count <= Limits.MaxAbandonedNonces ? [.. wire.Select(NonceHash.Of)] : throw new SessionException(
            SessionStatus.TooLong, $"abandoned_nonces has {wire.Count} entries; the limit is {Limits.MaxAbandonedNonces}");

    private static SessionException Missing(string field) => new(SessionStatus.InvalidArgument, $"{field} is missing");
}
