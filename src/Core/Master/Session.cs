using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>One session in a master's table. Only the table changes it, but for what the host answered.</summary>
public sealed class Session
{
    internal Session(SessionKey key, SessionItem item, uint termMs, long deadlineNs)
    {
        Key = key;
        Item = item;
        TermMs = termMs;
        DeadlineNs = deadlineNs;
    }

    /// <summary>Its id, epoch and holder.</summary>
    public SessionKey Key { get; }

    /// <summary>What its server said of itself, as amended.</summary>
    public SessionItem Item { get; }

    /// <summary>The granted term.</summary>
    public uint TermMs { get; }

    /// <summary>D_m: expired no earlier. It never moves back.</summary>
    public long DeadlineNs { get; internal set; }

    /// <summary>Taken away; it stays until its holder acknowledges or its lease runs out.</summary>
    public bool IsRevoked { get; internal set; }

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

    /// <summary>How many items it carries.</summary>
    public int ItemCount => Items.Count;

    internal SortedDictionary<string, Item> Items { get; } = new(Utf8Order.Instance);

    internal ulong ItemBytes { get; set; }

    internal HashSet<(AccessPointKind Kind, string ObjectName)> Assignments { get; } = [];

    internal LinkedListNode<Session>? WheelNode { get; set; }
}
