using System;

namespace Interop.Sessions.Master;

/// <summary>One durable change. A batch of them is committed as a whole or not at all.</summary>
public abstract record StoreChange
{
    private StoreChange()
    {
    }

    /// <summary>A session is created, or its revocation is marked.</summary>
    public sealed record PutSession(SessionKey Key, SessionItem Item, uint TermMs, bool IsRevoked) : StoreChange;

    /// <summary>
    /// A session is gone, with its items and assignments. The epoch is compared in the transaction: a deposed master's
    /// late expiry removes nothing of a session that came after.
    /// </summary>
    public sealed record RemoveSession(ulong SessionId, ulong Epoch) : StoreChange;

    /// <summary>An item is set.</summary>
    public sealed record PutItem(ulong SessionId, string Key, ReadOnlyMemory<byte> Value, ulong Revision) : StoreChange;

    /// <summary>An item is removed.</summary>
    public sealed record RemoveItem(ulong SessionId, string Key) : StoreChange;

    /// <summary>An object's access point is assigned to a session.</summary>
    public sealed record PutAssignment(AccessPointKind Kind, string ObjectName, ulong SessionId) : StoreChange;
}
