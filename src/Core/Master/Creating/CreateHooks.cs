using System;

namespace Interop.Sessions.Master;

/// <summary>The hooks of a host that a create waits for. A hook that is not there costs nothing.</summary>
[Flags]
public enum CreateHooks
{
    /// <summary>No hook: a create is decided, committed and answered.</summary>
    None = 0,

    /// <summary>CheckLeader.</summary>
    CheckLeader = 1,

    /// <summary>SessionInitialize.</summary>
    SessionInitialize = 2,

    /// <summary>SessionCreated.</summary>
    SessionCreated = 4,

    /// <summary>All of them.</summary>
    All = CheckLeader | SessionInitialize | SessionCreated,
}
