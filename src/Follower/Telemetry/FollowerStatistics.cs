namespace Interop.Sessions.Follower;

/// <summary>What a follower has counted since it was made. The numbers are read while the follower works, so they are not of one instant.</summary>
public sealed record FollowerStatistics
{
    /// <summary>Callbacks and completions that have not begun: more than a few say that the host's callbacks are slow.</summary>
    public int CallbacksWaiting { get; init; }

    /// <summary>Renewals that were sent.</summary>
    public long RenewalsSent { get; init; }

    /// <summary>Questions of a holder that refuses, how its session stands, that were sent.</summary>
    public long InquiriesSent { get; init; }

    /// <summary>Answers that prolonged the lease.</summary>
    public long Renewed { get; init; }

    /// <summary>Answers that took longer than the interval of renewals.</summary>
    public long LateAnswers { get; init; }

    /// <summary>When the lease was last granted or prolonged, in nanoseconds of CLOCK_BOOTTIME; 0: never.</summary>
    public long LastRenewedNs { get; init; }

    /// <summary>
    /// The longest time from one answer that prolonged a lease to the next, in nanoseconds; the lease's term is what it must stay below.
    /// </summary>
    public long LongestGapNs { get; init; }

    /// <summary>Sessions that were granted, re-attached ones too.</summary>
    public long SessionsGranted { get; init; }

    /// <summary>Sessions that were lost, closed ones too.</summary>
    public long SessionsLost { get; init; }
}
