using System.Collections.Generic;

namespace Interop.Sessions;

/// <summary>What a watch says.</summary>
public enum SessionEventKind
{
    /// <summary>Of a newer release.</summary>
    None = 0,

    /// <summary>A session was created.</summary>
    Created = 1,

    /// <summary>A session is being revoked, its identity is drained or not any more, or another process of its server has taken it up.</summary>
    Changed = 2,

    /// <summary>A session has ended, and with it all of its items and assignments: no event of their own says so.</summary>
    Ended = 3,

    /// <summary>An item was set.</summary>
    ItemSet = 4,

    /// <summary>An item was removed.</summary>
    ItemRemoved = 5,

    /// <summary>An object was assigned to a session's server; a former assignment of the object is over.</summary>
    Assigned = 6,

    /// <summary>An object's assignment was released.</summary>
    Released = 7,

    /// <summary>All that has changed up to the event's revision was said: a watch can go on after it.</summary>
    Progress = 8,

    /// <summary>What follows is all that there is, and no change, until <see cref="StateEnds"/>.</summary>
    StateBegins = 9,

    /// <summary>All that there is was said. What was not named since <see cref="StateBegins"/> is not there any more.</summary>
    StateEnds = 10,
}

/// <summary>The same for people.</summary>
public static class SessionEventKinds
{
    private static readonly Dictionary<SessionEventKind, string> s_names = Notation.NamesOf<SessionEventKind>();

    /// <summary>As programs write it.</summary>
    public static string Name(this SessionEventKind kind) => s_names.GetValueOrDefault(kind, "UNKNOWN_EVENT");
}

/// <summary>What one watch says once. No event has a nonce, a secret or a hash of one.</summary>
public sealed record SessionEvent
{
    /// <summary>What has happened; which of the rest is set depends on it.</summary>
    public required SessionEventKind Kind { get; init; }

    /// <summary>
    /// The revision of the change. Later changes have higher ones; the events of one change have the same, and come one after the other.
    /// </summary>
    public required ulong Revision { get; init; }

    /// <summary>The number of the leadership that says it.</summary>
    public ulong MasterEpoch { get; init; }

    /// <summary>Of the session that it is about: for an assignment the server's.</summary>
    public ulong SessionId { get; init; }

    /// <summary>Of that session.</summary>
    public ulong Epoch { get; init; }

    /// <summary>Whose session it is.</summary>
    public string Identity { get; init; } = "";

    /// <summary>Created and Changed: what the server says of itself.</summary>
    public ServerDescription? Description { get; init; }

    /// <summary>Created and Changed: the granted term, in milliseconds.</summary>
    public uint TermMs { get; init; }

    /// <summary>Created and Changed: is the session being revoked, was it re-attached, is its identity drained? Never <see cref="SessionFlags.Suspect"/>.</summary>
    public SessionFlags Flags { get; init; }

    /// <summary>Ended: why. Unknown: it ended where the watch did not see it.</summary>
    public SessionEndReason EndReason { get; init; }

    /// <summary>Ended, and Changed of a revocation: why, for people.</summary>
    public string Text { get; init; } = "";

    /// <summary>ItemSet and ItemRemoved: with the item's revision; of a removal without its value.</summary>
    public Item? Item { get; init; }

    /// <summary>Assigned and Released: how the object is reached.</summary>
    public AccessPointKind AccessPointKind { get; init; }

    /// <summary>Assigned and Released: the object.</summary>
    public string ObjectName { get; init; } = "";

    /// <summary>Assigned: where the server answers.</summary>
    public string Endpoint { get; init; } = "";
}
