namespace Interop.Sessions.Master;

/// <summary>What a <see cref="WritePath"/> gives out to be done, in order, with no lock held.</summary>
public abstract record WriteEffect
{
    private WriteEffect()
    {
    }

    /// <summary>Answers an operation: what it decided is durable, or changes nothing.</summary>
    public sealed record Answer(TableOperation Operation) : WriteEffect;

    /// <summary>Answers an operation: it was not done, or its outcome is unknown.</summary>
    public sealed record Refuse(TableOperation Operation, SessionException Failure) : WriteEffect;

    /// <summary>A session's end is durable: its hook may run.</summary>
    public sealed record Ended(EndedSession End) : WriteEffect;

    /// <summary>For the log: the store did not take a transaction.</summary>
    /// <param name="Operations">How many were in it.</param>
    /// <param name="Failure">Why.</param>
    public sealed record NoteFailure(int Operations, SessionException Failure) : WriteEffect;

    /// <summary>For the log: the store has gone back behind a session that its holder knows.</summary>
    public sealed record NoteStranger(SessionKey Key) : WriteEffect;
}
