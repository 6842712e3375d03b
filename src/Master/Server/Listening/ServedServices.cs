using System;

namespace Interop.Sessions.Master.Server.Listening;

/// <summary>The services of a master. Its health is told at every address.</summary>
[Flags]
internal enum ServedServices
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>What followers call.</summary>
    Sessions = 1,

    /// <summary>What operators call.</summary>
    Administration = 2,

    /// <summary>Both.</summary>
    All = Sessions | Administration,
}
