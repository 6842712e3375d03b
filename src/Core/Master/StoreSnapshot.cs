using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>What a store holds when a master begins to lead.</summary>
public sealed record StoreSnapshot
{
    /// <summary>This leadership's number, higher than any before and committed already.</summary>
    public required ulong MasterEpoch { get; init; }

    /// <summary>The last revision that was committed.</summary>
    public required ulong Revision { get; init; }

    /// <summary>T_max: the longest term that any master on this store may ever have promised.</summary>
    public required uint LongestTermMs { get; init; }

    /// <summary>
    /// Puts only, a session's before those of its items and assignments. Read once, while the table is made: a store with
    /// much in it gives it page by page.
    /// </summary>
    public IEnumerable<StoreChange> Content { get; init; } = [];
}
