namespace Interop.Sessions.Master;

/// <summary>
/// That an identity is drained: its server gets no new objects, and once its session has ended it gets no new one. It belongs to the
/// identity and to no session, so it outlives sessions and leaderships, until an operator takes it back.
/// </summary>
public sealed record Drain
{
    /// <summary>Whose.</summary>
    public required string Identity { get; init; }

    /// <summary>For people: the holder is told, and whoever asks for a session of the identity.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Since when, in milliseconds since 1970 by the wall clock of the master that noted it.</summary>
    public long SinceUnixMs { get; init; }

    /// <summary>The objects of its server are given to other servers that can take them.</summary>
    public bool MovesObjects { get; init; }

    /// <summary>Its session is revoked: at once, or as soon as all objects have moved, where they are moved.</summary>
    public bool RevokesSession { get; init; }
}
