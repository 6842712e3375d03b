using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>One session in a master's table. Only the table changes it, but for what the host answered.</summary>
public sealed class Session
{
    internal Session(SessionKey key, ServerDescription description, uint termMs, UInt128 secret)
    {
        Key = key;
        Description = description;
        TermMs = termMs;
        PromisedTermMs = termMs;
        Secret = secret;
    }

    /// <summary>Its id, epoch and holder. Only the holder's part, the nonce, changes: by a re-attach.</summary>
    public SessionKey Key { get; internal set; }

    /// <summary>What its server said of itself, as amended.</summary>
    public ServerDescription Description { get; }

    /// <summary>The term that was granted at its create; under load a renewal may bring a longer one.</summary>
    public uint TermMs { get; }

    /// <summary>T of its latest renewal: what an answer may promise, since D_m covers it.</summary>
    public uint PromisedTermMs { get; internal set; }

    /// <summary>As in <see cref="StoreChange.Unknown"/>: it stays with the session whatever this master stores of it.</summary>
    public string? Unknown { get; init; }

    /// <summary>Who knows it may take the session over, once: the holder's process after a restart.</summary>
    public UInt128 Secret { get; internal set; }

    /// <summary>D_m: expired no earlier. It never moves back.</summary>
    public long DeadlineNs { get; internal set; }

    /// <summary>
    /// With how much time to live the store knows it as suspect, in milliseconds; null: it is no suspect. While it is set a
    /// successor may trust it, so a renewal is answered only after the store has forgotten it.
    /// </summary>
    public uint? SuspectMs { get; internal set; }

    /// <summary>Taken away; it stays until its holder acknowledges or its lease runs out.</summary>
    public bool IsRevoked { get; internal set; }

    /// <summary>Why it was, for people.</summary>
    public string RevokeReason { get; internal set; } = "";

    /// <summary>
    /// Its expiry was decided. Even if the store then fails, it is not renewed again: its holder may have been told.
    /// </summary>
    public bool IsCondemned { get; internal set; }

    /// <summary>
    /// What the host's SessionCreated granted; null until it has answered. In memory only: after a restart the host is
    /// asked again if the follower is.
    /// </summary>
    public SessionGrant? Grant { get; set; }

    /// <summary>Why a create is not answered with this session: the host's SessionCreated refused, or it has ended.</summary>
    public SessionException? Refusal { get; set; }

    /// <summary>Was it made in this leadership, and has nobody been told of it?</summary>
    public bool IsUntold { get; set; }

    /// <summary>When it was created, in CLOCK_BOOTTIME nanoseconds; 0: under an earlier leadership, nobody remembers when.</summary>
    public long CreatedNs { get; internal set; }

    /// <summary>p of its latest renewal, create or re-attach; 0: it was not heard of in this leadership.</summary>
    public long RenewedNs { get; internal set; }

    /// <summary>Was its present connection made by a re-attach, in this leadership?</summary>
    public bool IsReattached { get; internal set; }

    /// <summary>How it stands.</summary>
    public SessionFlags Flags =>
        (IsRevoked ? SessionFlags.Revoking : 0) | (SuspectMs != null ? SessionFlags.Suspect : 0) |
        (IsReattached ? SessionFlags.Reattached : 0);

    /// <summary>How many items it carries, as durable.</summary>
    public int ItemCount => Items.DurableCount;

    /// <summary>How many items it carries that its create brought, as decided.</summary>
    public int ItemsOfCreate => Items.Decided.Count(item => item.Revision == Key.Epoch);

    /// <summary>When its silence is to be noted durably, for the first time or again.</summary>
    internal long MarkDueNs { get; set; }

    /// <summary>When the table must look at it next.</summary>
    internal long DueNs => Math.Min(MarkDueNs, DeadlineNs);

    internal SessionItems Items { get; } = new();

    /// <summary>Of the connection that holds it.</summary>
    internal WriteLog Writes { get; set; } = WriteLog.Empty;

    internal HashSet<(AccessPointKind Kind, string ObjectName)> Assignments { get; } = [];

    internal LinkedListNode<Session>? WheelNode { get; set; }
}
