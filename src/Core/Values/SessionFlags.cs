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

    /// <summary>Taken away, durably: the session is no longer renewed, and goes when its holder acknowledges or its lease runs out.</summary>
    Revoking = 1,

    /// <summary>
    /// The holder was silent for half a term, at this master or the one before: the store has a mark of that, and has not
    /// forgotten it since.
    /// </summary>
    Suspect = 2,

    /// <summary>Taken up by a re-attach in this leadership.</summary>
    Reattached = 4,

    /// <summary>Its identity is drained, durably: the server gets no new objects, and no session after this one until it is undrained.</summary>
    Draining = 8,
}
