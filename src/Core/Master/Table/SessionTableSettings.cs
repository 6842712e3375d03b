namespace Interop.Sessions.Master;

/// <summary>The bounds that a session table keeps; <see cref="Limits"/> has the defaults and their reasons.</summary>
public sealed record SessionTableSettings
{
    /// <summary>The term of a follower without a wish.</summary>
    public uint TermMs { get; init; } = Limits.DefaultTermMs;

    /// <summary>The shortest term granted.</summary>
    public uint MinTermMs { get; init; } = Limits.DefaultMinTermMs;

    /// <summary>The longest term granted.</summary>
    public uint MaxTermMs { get; init; } = Limits.DefaultMaxTermMs;

    /// <summary>ρ: told to holders, who go by it if it is larger than their own; 0: not said. The table itself measures by one clock.</summary>
    public uint ClockRateBoundPpm { get; init; }

    /// <summary>Renewals a second beyond which terms are lengthened, up to the longest.</summary>
    public uint MaxRenewalsPerSecond { get; init; } = Limits.DefaultMaxRenewalsPerSecond;

    /// <summary>Sessions at the same time.</summary>
    public uint MaxSessions { get; init; } = Limits.DefaultMaxSessions;

    /// <summary>Items of a session.</summary>
    public uint MaxItemsPerSession { get; init; } = Limits.DefaultMaxItemsPerSession;

    /// <summary>Bytes of an item's value.</summary>
    public uint MaxItemBytes { get; init; } = Limits.DefaultMaxItemBytes;

    /// <summary>Bytes of a session's keys and values.</summary>
    public ulong MaxSessionBytes { get; init; } = Limits.DefaultMaxSessionBytes;

    /// <summary>What there may be below each of some prefixes.</summary>
    public QuotaBoard Quotas { get; init; } = QuotaBoard.Empty;

    /// <summary>Ends that are kept.</summary>
    public int MaxEnds { get; init; } = Limits.MaxEnds;

    /// <summary>Bytes of the ends that are kept.</summary>
    public long MaxEndBytes { get; init; } = Limits.MaxEndBytes;

    /// <summary>Changes that are kept for watches.</summary>
    public int MaxWatchChanges { get; init; } = Limits.MaxWatchChanges;

    /// <summary>Bytes of the changes that are kept for watches.</summary>
    public long MaxWatchBytes { get; init; } = Limits.MaxWatchBytes;

    /// <summary>Identities that are drained.</summary>
    public int MaxDrains { get; init; } = Limits.MaxDrains;

    /// <summary>Objects with an assigned access point.</summary>
    public uint MaxAccessPoints { get; init; } = Limits.MaxAccessPointAssignments;

    /// <summary>Objects of a session that has ended are given to other servers before anybody asks.</summary>
    public bool ReassignsAfterEnd { get; init; }

    /// <summary>Objects with an assigned access point that one identity asked for first.</summary>
    public uint MaxAccessPointsPerIdentity { get; init; } = Limits.DefaultMaxAccessPointsPerIdentity;
}
