using System;

namespace Interop.Sessions.Follower;

/// <summary>What can happen to a session at its holder.</summary>
public enum SessionCause
{
    /// <summary>The master granted it.</summary>
    Granted,

    /// <summary>The master renewed it.</summary>
    Answered,

    /// <summary>No answer for half a term.</summary>
    Silent,

    /// <summary>The holder's deadline D_f passed.</summary>
    RanOut,

    /// <summary>The holder itself was away for half a term; what it believed is stale.</summary>
    Paused,

    /// <summary>The master, or the holder by closing, ended it.</summary>
    Ended,
}

/// <summary>
/// The one table of moves between the states of a session:
/// <code>
///            Granted   Answered  Silent    RanOut    Paused    Ended
/// NONE       ALIVE     -         -         -         -         -
/// ALIVE      -         ALIVE     SUSPECT   JEOPARDY  JEOPARDY  LOST
/// SUSPECT    -         ALIVE     SUSPECT   JEOPARDY  JEOPARDY  LOST
/// JEOPARDY   -         ALIVE     JEOPARDY  JEOPARDY  JEOPARDY  LOST
/// LOST       -         LOST      LOST      LOST      LOST      LOST
/// </code>
/// LOST is final: the next session is another one, with another epoch.
/// </summary>
public static class SessionTransitions
{
    /// <summary>Where a cause leads.</summary>
    /// <exception cref="InvalidOperationException">The table has no such move.</exception>
    public static SessionState Next(SessionState state, SessionCause cause) => (state, cause) switch
    {
        (SessionState.None, SessionCause.Granted) => SessionState.Alive,
        (SessionState.None, _) or (_, SessionCause.Granted) =>
            throw new InvalidOperationException($"no move from {state.Name()} by {cause}"),
        (SessionState.Lost, _) or (_, SessionCause.Ended) => SessionState.Lost,
        (_, SessionCause.Answered) => SessionState.Alive,
        (_, SessionCause.RanOut or SessionCause.Paused) => SessionState.Jeopardy,
        (SessionState.Jeopardy, SessionCause.Silent) => SessionState.Jeopardy,
        (_, SessionCause.Silent) => SessionState.Suspect,
        _ => throw new InvalidOperationException($"no move from {state.Name()} by {cause}"),
    };
}
