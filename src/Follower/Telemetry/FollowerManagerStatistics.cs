namespace Interop.Sessions.Follower;

/// <summary>
/// How a follower manager stands with its masters, and what it has counted since it was made: over all its followers, closed ones too.
/// Read while it goes on, so the numbers are not of one instant; those that count never become less.
/// </summary>
public sealed record FollowerManagerStatistics
{
    /// <summary>Followers that it has; one that is being closed is none of them.</summary>
    public int Followers { get; init; }

    /// <summary>How it stands with its masters.</summary>
    public ConnectionState Connection { get; init; }

    /// <summary>The master that is in use, or is asked next: "host:port".</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Since when <see cref="Connection"/> is so, in nanoseconds of CLOCK_BOOTTIME.</summary>
    public long ConnectionSinceNs { get; init; }

    /// <summary>Channels for calls that are open; keep-alive streams have connections of their own.</summary>
    public int Channels { get; init; }

    /// <summary>Renewals that were sent.</summary>
    public long RenewalsSent { get; init; }

    /// <summary>Questions of holders that refuse, how their sessions stand, that were sent.</summary>
    public long InquiriesSent { get; init; }

    /// <summary>Answers that prolonged a lease.</summary>
    public long Renewed { get; init; }

    /// <summary>Answers that took longer than the interval of renewals.</summary>
    public long LateAnswers { get; init; }

    /// <summary>Sessions that were granted, re-attached ones too.</summary>
    public long SessionsGranted { get; init; }

    /// <summary>Sessions that were lost, closed ones too.</summary>
    public long SessionsLost { get; init; }

    /// <summary>Times that a master named the leader, and it was turned to.</summary>
    public long Redirects { get; init; }

    /// <summary>Times that a master failed, or did not lead and named no leader, so that the next one was tried.</summary>
    public long Failovers { get; init; }
}
