using System;

namespace Interop.Sessions;

/// <summary>What a watch is about. Ends of sessions are said to every watch: items and assignments go with them.</summary>
[Flags]
public enum WatchKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Sessions: created, changed, ended.</summary>
    Sessions = 1,

    /// <summary>Items: set, removed.</summary>
    Items = 2,

    /// <summary>Access points: assigned, released.</summary>
    AccessPoints = 4,

    /// <summary>All of these.</summary>
    All = Sessions | Items | AccessPoints,
}
