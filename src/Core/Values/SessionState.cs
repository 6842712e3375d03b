namespace Interop.Sessions;

/// <summary>The states of a session as its holder sees it. The moves between them: SessionTransitions.</summary>
public enum SessionState
{
    /// <summary>No session yet, or one is being created.</summary>
    None = 0,

    /// <summary>Renewed within half a term.</summary>
    Alive = 1,

    /// <summary>No answer for half a term; the data path may still serve.</summary>
    Suspect = 2,

    /// <summary>The lease ran out at the holder; the data path must refuse.</summary>
    Jeopardy = 3,

    /// <summary>Gone for good.</summary>
    Lost = 4,
}
