using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>One session in a master's table. Only the table changes it, except for what the host answered.</summary>
public sealed class Session
{
    internal Session(SessionKey key, ServerDescription description, uint termMs, SecretHash secretHash)
    {
        Key = key;
        Description = description;
        TermMs = termMs;
        PromisedTermMs = termMs;
        SecretHash = secretHash;
    }

    /// <summary>The session's id, epoch and nonce. Only the nonce, which names the holder's connection, changes: by a re-attach.</summary>
    public SessionKey Key { get; internal set; }

    /// <summary>The server description, as SessionInitialize amended it.</summary>
    public ServerDescription Description { get; }

    /// <summary>The term that was granted at its create; under load a renewal may bring a longer one.</summary>
    public uint TermMs { get; }

    /// <summary>T of its latest renewal: what an answer may promise, since D_m covers it.</summary>
    public uint PromisedTermMs { get; internal set; }

    /// <summary>As in <see cref="StoreChange.Unknown"/>: it stays with the session whatever this master stores of it.</summary>
    public string? Unknown { get; init; }

    /// <summary>A process that shows the secret of it may take the session over, once: the holder's process after a restart.</summary>
    public SecretHash SecretHash { get; internal set; }

    /// <summary>D_m: the session expires no earlier. D_m never moves back.</summary>
    public long DeadlineNs { get; internal set; }

    /// <summary>
    /// The mark: with how much time to live the store knows the session as suspect, in milliseconds; null: it is not suspect.
    /// While the mark is set a successor may trust it, so a renewal is answered only after the store has forgotten the mark.
    /// </summary>
    public uint? SuspectMs { get; internal set; }

    /// <summary>The session is taken away; it stays until its holder acknowledges or its lease runs out.</summary>
    public bool IsRevoked { get; internal set; }

    /// <summary>Why the session was revoked, for people.</summary>
    public string RevokeReason { get; internal set; } = "";

    /// <summary>
    /// The session's expiry was decided. Even if the store then fails, the session is not renewed again: its holder may have been told.
    /// </summary>
    public bool IsCondemned { get; internal set; }

    /// <summary>
    /// What the host's SessionCreated granted; null until it has answered. In memory only: after a restart the host is asked
    /// again if the follower asks again.
    /// </summary>
    public SessionGrant? Grant { get; set; }

    /// <summary>Why a create is not answered with this session: the host's SessionCreated refused, or it has ended.</summary>
    public SessionException? Refusal { get; set; }

    /// <summary>Was the session made in this leadership, and was no caller told of it?</summary>
    public bool IsUntold { get; set; }

    /// <summary>When the session was created, in CLOCK_BOOTTIME nanoseconds; 0: under an earlier leadership, at a time that is not stored.</summary>
    public long CreatedNs { get; internal set; }

    /// <summary>p of the latest renewal, create or re-attach; 0: the holder was not heard in this leadership.</summary>
    public long RenewedNs { get; internal set; }

    /// <summary>From where the holder was heard last; empty: not in this leadership, or nobody has said.</summary>
    public string PeerAddress { get; set; } = "";

    /// <summary>Was the holder's last word that its host does not vouch for itself? Nothing but the record of the end depends on it.</summary>
    public bool IsGateClosed { get; internal set; }

    /// <summary>Was the present connection made by a re-attach, in this leadership?</summary>
    public bool IsReattached { get; internal set; }

    /// <summary>That its identity is drained, as durable: its holder is told; null: it is not.</summary>
    public Drain? Drain { get; internal set; }

    /// <summary>How the session stands.</summary>
    public SessionFlags Flags =>
        (IsRevoked ? SessionFlags.Revoking : 0) | (SuspectMs != null ? SessionFlags.Suspect : 0) |
        (IsReattached ? SessionFlags.Reattached : 0) | (Drain != null ? SessionFlags.Draining : 0);

    /// <summary>How many items the session carries, as durable.</summary>
    public int ItemCount => Items.DurableCount;

    /// <summary>How many of the items that the create brought are still there, as decided.</summary>
    public int ItemsOfCreate => Items.Decided.Count(item => item.Revision == Key.Epoch);

    /// <summary>When the holder's silence is to be noted durably, for the first time or again.</summary>
    internal long MarkDueNs { get; set; }

    /// <summary>When the table must look at the session next.</summary>
    internal long DueNs => Math.Min(MarkDueNs, DeadlineNs);

    internal SessionItems Items { get; } = new();

    /// <summary>The writes of the connection that holds the session.</summary>
    internal WriteLog Writes { get; set; } = WriteLog.Empty;

    internal AssignedObjects Assignments { get; } = new();

    internal LinkedListNode<Session>? WheelNode { get; set; }
}
