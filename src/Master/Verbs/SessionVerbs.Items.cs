using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Writing;

namespace Interop.Sessions.Master.Verbs;

/// <content>Items and access points.</content>
internal sealed partial class SessionVerbs
{
    /// <summary>The items of any session, for operators and the host.</summary>
    internal IReadOnlyList<Item> ListItems(ulong sessionId, string prefix) =>
        RequireLeader().Look(table => table.ListItems(sessionId, prefix));

    /// <summary>One item of any session, for the host.</summary>
    internal Item GetItem(ulong sessionId, string key) => RequireLeader().Look(table => table.GetItem(sessionId, key));

    internal Task<IReadOnlyList<Item>> ListItemsAsync(SessionKey key, string prefix, CancellationToken awaited) =>
        RequireLeader().LookAsync(
            table => table.IsSettled(key.SessionId), table => table.ListItems(key, prefix), awaited);

    internal Task<ulong> SetItemAsync(
        SessionKey key, WriteId write, string itemKey, ReadOnlyMemory<byte> value, ulong? compareRevision,
        CancellationToken awaited) =>
        RequireLeader().WriteAsync(table => table.SetItem(key, itemKey, value, compareRevision, write), value.Length, awaited);

    internal Task<ulong> RemoveItemAsync(
        SessionKey key, WriteId write, string itemKey, ulong? compareRevision, CancellationToken awaited) =>
        RequireLeader().WriteAsync(table => table.RemoveItem(key, itemKey, compareRevision, write), awaited);

    internal Task<ulong> ApplyItemsAsync(
        SessionKey key, WriteId write, IReadOnlyList<ItemChange> changes, CancellationToken awaited) =>
        RequireLeader().WriteAsync(table => table.ApplyItems(key, changes, write), ItemChanges.BytesOf(changes), awaited);

    internal Task<Item> GetItemAsync(SessionKey key, string itemKey, CancellationToken awaited) => RequireLeader().LookAsync(
        table => table.IsSettled(key.SessionId), table => table.GetItem(key, itemKey), awaited);

    internal Task<AccessPoint> FindAccessPointAsync(
        SessionKey key, AccessPointKind kind, string objectName, CancellationToken awaited)
    {
        Tenure tenure = RequireLeader();
        return tenure.TryLook(table => table.IsSettled(key, kind, objectName), Find, out AccessPoint? found)
            ? Task.FromResult(found!)
            : tenure.WriteAsync(Find, awaited);

        AccessPoint Find(SessionTable table) => table.FindAccessPoint(key, kind, objectName);
    }

    internal Task<bool> ReleaseAccessPointAsync(
        SessionKey key, AccessPointKind kind, string objectName, ReleasedAssignment released, CancellationToken awaited) =>
        RequireLeader().WriteAsync(table => table.ReleaseAccessPoint(key, kind, objectName, released), awaited);
}
