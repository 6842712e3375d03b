using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>What a store holds when a master begins to lead.</summary>
public sealed record StoreSnapshot
{
    /// <summary>This leadership's number, higher than any before and committed already.</summary>
    public required ulong MasterEpoch { get; init; }

    /// <summary>Where this leadership begins to count its changes: no number up to it comes again.</summary>
    public required ulong Revision { get; init; }

    /// <summary>
    /// The last revision that was committed before. No leadership that this store remembers has given out what lies between it
    /// and <see cref="Revision"/>.
    /// </summary>
    public required ulong FormerRevision { get; init; }

    /// <summary>A term that any session may have been promised beyond the one that it was granted; 0: none was.</summary>
    public required uint LengthenedTermMs { get; init; }

    /// <summary>The store was filled from an export, and no leadership since has lasted long enough to hear every holder that lives.</summary>
    public bool IsRestored { get; init; }

    /// <summary>Which releases may read it.</summary>
    public StoreFormat Format { get; init; } = StoreFormat.New;

    /// <summary>
    /// Puts only, a session's before those of its items and assignments. Read once, while the table is made: a store with
    /// much in it gives it page by page.
    /// </summary>
    public IEnumerable<StoreChange> Content { get; init; } = [];
}
