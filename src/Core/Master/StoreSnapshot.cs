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

    /// <summary>The sessions.</summary>
    public IReadOnlyList<StoreChange.PutSession> Sessions { get; init; } = [];

    /// <summary>Their items.</summary>
    public IReadOnlyList<StoreChange.PutItem> Items { get; init; } = [];

    /// <summary>Assigned access points.</summary>
    public IReadOnlyList<StoreChange.PutAssignment> Assignments { get; init; } = [];
}
