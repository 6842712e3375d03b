namespace Interop.Sessions.Master;

/// <summary>
/// How a master stands, and what it has counted since it was started, over all its leaderships. Read while it goes on, so the numbers
/// are not of one instant; those that count never become less.
/// </summary>
public sealed record MasterStatistics
{
    /// <summary>The number of its leadership; 0: it may not act, and another may lead.</summary>
    public ulong MasterEpoch { get; init; }

    /// <summary>Sessions that it has, those that are being made or ended included; 0 while it may not act.</summary>
    public int Sessions { get; init; }

    /// <summary>Connections that have a place, those of strangers included.</summary>
    public int Connections { get; init; }

    /// <summary>Operations that wait for the store, or are being committed.</summary>
    public int OperationsWaiting { get; init; }

    /// <summary>The bytes of their values.</summary>
    public long BytesWaiting { get; init; }

    /// <summary>Hooks other than SessionEnded that have not begun.</summary>
    public int HooksWaiting { get; init; }

    /// <summary>Ends of sessions that the host was not told yet.</summary>
    public int EndsWaiting { get; init; }

    /// <summary>Hooks that run, SessionEnded too.</summary>
    public int HooksRunning { get; init; }

    /// <summary>Threads that hooks have.</summary>
    public int HookThreads { get; init; }

    /// <summary>Renewals that were answered with a promise; a suspect's counts before the store has forgotten its mark.</summary>
    public long Renewed { get; init; }

    /// <summary>Renewals that were answered with something else: how the session ended, or that this master does not lead.</summary>
    public long RenewalsRefused { get; init; }

    /// <summary>Creates and re-attaches that were granted; a copy that is answered once more counts too.</summary>
    public long SessionsGranted { get; init; }

    /// <summary>Sessions that ended, for whatever reason.</summary>
    public long SessionsEnded { get; init; }

    /// <summary>Creates and re-attaches that were refused.</summary>
    public long CreatesRefused { get; init; }

    /// <summary>Lists that were refused.</summary>
    public long ListsRefused { get; init; }

    /// <summary>Keep-alive streams that were refused, or ended with a refusal.</summary>
    public long StreamsRefused { get; init; }

    /// <summary>Other calls that were refused.</summary>
    public long OthersRefused { get; init; }

    /// <summary>How many of all that was refused was refused with Overloaded.</summary>
    public long Overloaded { get; init; }

    /// <summary>Transactions that the store has taken.</summary>
    public long Commits { get; init; }

    /// <summary>Transactions that the store has not taken, or may not have taken.</summary>
    public long CommitsFailed { get; init; }

    /// <summary>How long the last transaction took, in nanoseconds, whether it was taken or not.</summary>
    public long LastCommitNs { get; init; }

    /// <summary>How long the longest took, in nanoseconds.</summary>
    public long LongestCommitNs { get; init; }
}
