using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master;

/// <content>Items and access points.</content>
public sealed partial class SessionMaster
{
    /// <summary>The items of a session whose key begins with a prefix, in byte order of the keys.</summary>
    /// <exception cref="SessionException">UnknownSession or how it ended, NotLeader.</exception>
    public IReadOnlyList<Item> ListItems(ulong sessionId, string prefix) =>
        ListItemsAsync(sessionId, prefix).GetAwaiter().GetResult();

    internal Task<IReadOnlyList<Item>> ListItemsAsync(ulong sessionId, string prefix) =>
        RequireLeader().ReadAsync(table => table.ListItems(sessionId, prefix));

    internal Task<IReadOnlyList<Item>> ListItemsAsync(SessionKey key, string prefix) =>
        RequireLeader().ReadAsync(table => table.ListItems(key, prefix));

    internal Task<ulong> SetItemAsync(
        SessionKey key, WriteId write, string itemKey, ReadOnlyMemory<byte> value, ulong? compareRevision,
        CancellationToken awaited) =>
        RequireLeader().WriteAsync(table => table.SetItem(key, itemKey, value, compareRevision, write), awaited);

    internal Task<ulong> RemoveItemAsync(
        SessionKey key, WriteId write, string itemKey, ulong? compareRevision, CancellationToken awaited) =>
        RequireLeader().WriteAsync(table => table.RemoveItem(key, itemKey, compareRevision, write), awaited);

    internal Task<Item> GetItemAsync(SessionKey key, string itemKey) =>
        RequireLeader().ReadAsync(table => table.GetItem(key, itemKey));

    internal Task<AccessPoint> FindAccessPointAsync(
        SessionKey key, AccessPointKind kind, string objectName, CancellationToken awaited) =>
        RequireLeader().WriteAsync(table => table.FindAccessPoint(key, kind, objectName), awaited);
}
