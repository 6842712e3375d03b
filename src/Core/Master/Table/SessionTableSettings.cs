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

    /// <summary>Objects with an assigned access point.</summary>
    public uint MaxAccessPoints { get; init; } = Limits.MaxAccessPointAssignments;

    /// <summary>Objects with an assigned access point that one identity asked for first.</summary>
    public uint MaxAccessPointsPerIdentity { get; init; } = Limits.DefaultMaxAccessPointsPerIdentity;
}
