using System;
using System.Diagnostics.CodeAnalysis;

namespace Interop.Sessions;

/// <summary>What else a master knows of a session.</summary>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "Its name in C, interop_sessions_session_flags.")]
public enum SessionFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Taken away, durably: it is renewed no more, and goes when its holder acknowledges or its lease runs out.</summary>
    Revoking = 1,

    /// <summary>
    /// Silent for half a term, by this master or the one before: its store was told, and has not been told since that it was heard.
    /// </summary>
    Suspect = 2,

    /// <summary>Taken up by a re-attach in this leadership.</summary>
    Reattached = 4,
}
