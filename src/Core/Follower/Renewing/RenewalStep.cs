namespace Interop.Sessions.Follower;

/// <summary>What the sender of renewals does next.</summary>
public enum RenewalStepKind
{
    /// <summary>Nothing until there is news, or until <see cref="RenewalStep.UntilNs"/>.</summary>
    Wait,

    /// <summary>Ask <see cref="Endpoints"/> for the master to talk to, and call <see cref="RenewalBook.TurnTo"/>.</summary>
    Turn,

    /// <summary>
    /// Send the batch over the line; then call <see cref="RenewalBatch.Written"/>, <see cref="RenewalLine.Stuck"/> or
    /// <see cref="RenewalLine.Broke"/>.
    /// </summary>
    Send,

    /// <summary>Tell <see cref="Endpoints"/> that the master of the line answered as a leader does.</summary>
    Lead,

    /// <summary>Tell <see cref="Endpoints"/> of the report, and call <see cref="RenewalBook.MovedOn"/> with what it says.</summary>
    Leave,

    /// <summary>End the stream of the line, if it has one.</summary>
    Close,
}

/// <summary>One thing to be done, outside of the lock.</summary>
public readonly record struct RenewalStep
{
    /// <summary>What.</summary>
    public RenewalStepKind Kind { get; init; }

    /// <summary>Of Wait: until when at the latest; <see cref="long.MaxValue"/>: until there is news.</summary>
    public long UntilNs { get; init; }

    /// <summary>Of all but Wait and Turn: which line.</summary>
    public RenewalLine? Line { get; init; }

    /// <summary>Of Send: the message.</summary>
    public RenewalBatch? Batch { get; init; }

    /// <summary>Of Leave: why.</summary>
    public LineReport? Report { get; init; }
}
