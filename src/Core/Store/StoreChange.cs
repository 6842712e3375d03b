using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Interop.Sessions.Master;

/// <summary>One durable change. A batch of them is committed as a whole or not at all.</summary>
public abstract record StoreChange
{
    private StoreChange()
    {
    }

    /// <summary>What it is made of: itself, or the parts that are not divided.</summary>
    public IReadOnlyList<StoreChange> AsParts() => this is Together together ? together.Parts : [this];

    /// <summary>
    /// What a newer release stored with it and this one does not know, as the store gave it; null: nothing. A session's is
    /// written back whatever changes of it; an item's goes with the value that it came with.
    /// </summary>
    public string? Unknown { get; init; }

    /// <summary>A session is created, or something that is stored of it has changed.</summary>
    /// <param name="Key">The session's id, epoch and the hash of its nonce.</param>
    /// <param name="Description">The server description, as amended.</param>
    /// <param name="TermMs">The granted term.</param>
    /// <param name="SecretHash">Of what a re-attach shows.</param>
    /// <param name="IsRevoked">The session is no longer renewed.</param>
    /// <param name="SuspectMs">
    /// The mark: the holder has been silent, and a successor lets the session live for so long only. Null: a successor knows
    /// nothing of the silence.
    /// </param>
    public sealed record PutSession(
        SessionKey Key, ServerDescription Description, uint TermMs, SecretHash SecretHash, bool IsRevoked, uint? SuspectMs) : StoreChange
    {
        /// <summary>Why it was revoked, for people; it outlives a fail-over, since its holder may hear of it only then.</summary>
        public string RevokeReason { get; init; } = "";
    }

    /// <summary>
    /// A session is gone, with its items and assignments. The epoch is compared in the transaction: a deposed master's
    /// late expiry removes nothing of a session that came after.
    /// </summary>
    public sealed record RemoveSession(ulong SessionId, ulong Epoch) : StoreChange
    {
        /// <summary>How many assignments go with it: a store may need several transactions for very many.</summary>
        public int Assignments { get; init; }

        /// <summary>What is kept of it; never stored apart from the removal, nor the removal without it.</summary>
        public SessionEnd? End { get; init; }
    }

    /// <summary>What is kept of a session that has ended: in a snapshot. By itself only an import stores it.</summary>
    public sealed record PutEnd(SessionEnd End) : StoreChange;

    /// <summary>What was kept of an end goes.</summary>
    /// <param name="Revision">Of the end.</param>
    public sealed record RemoveEnd(ulong Revision) : StoreChange;

    /// <summary>An item is set.</summary>
    public sealed record PutItem(ulong SessionId, string Key, ReadOnlyMemory<byte> Value, ulong Revision) : StoreChange
    {
        /// <summary>Never stored apart from the item: a look that finds one finds the other. Null: the write had no number.</summary>
        public PutWrites? Writes { get; init; }
    }

    /// <summary>An item is removed.</summary>
    public sealed record RemoveItem(ulong SessionId, string Key) : StoreChange
    {
        /// <summary>As of <see cref="PutItem"/>.</summary>
        public PutWrites? Writes { get; init; }
    }

    /// <summary>
    /// Changes that a store has all of or none of, also where it needs several transactions for a batch. None of them is such a
    /// change itself.
    /// </summary>
    /// <param name="Parts">In their order.</param>
    public sealed record Together(ImmutableArray<StoreChange> Parts) : StoreChange;

    /// <summary>The answers to the writes of a session's connection.</summary>
    /// <param name="SessionId">Whose.</param>
    /// <param name="Nonce">The hash of its connection's; with another one it says nothing.</param>
    /// <param name="Log">What was made, and what was refused.</param>
    public sealed record PutWrites(ulong SessionId, ulong Nonce, WriteLog Log) : StoreChange;

    /// <summary>What belongs to no session has changed.</summary>
    /// <param name="LengthenedTermMs">As in the snapshot.</param>
    /// <param name="IsRestored">As in the snapshot.</param>
    public sealed record PutState(uint LengthenedTermMs, bool IsRestored) : StoreChange;

    /// <summary>An identity is drained, or its drain is another.</summary>
    public sealed record PutDrain(Drain Drain) : StoreChange;

    /// <summary>An identity is not drained any more.</summary>
    public sealed record RemoveDrain(string Identity) : StoreChange;

    /// <summary>An object's access point is assigned to a session.</summary>
    public sealed record PutAssignment(AccessPointKind Kind, string ObjectName, ulong SessionId) : StoreChange;

    /// <summary>An object's assignment to a session is released.</summary>
    public sealed record RemoveAssignment(AccessPointKind Kind, string ObjectName, ulong SessionId) : StoreChange;
}
