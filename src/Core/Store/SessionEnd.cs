namespace Interop.Sessions.Master;

/// <summary>
/// What is kept of a session that has ended, for the operator who asks what died and why. Times are by the wall clock of the master
/// that ended the session, and durations by its boot clock.
/// </summary>
public sealed record SessionEnd
{
    /// <summary>The revision of the end: later ends have higher ones.</summary>
    public required ulong Revision { get; init; }

    /// <summary>Of the session.</summary>
    public required ulong SessionId { get; init; }

    /// <summary>The fencing token of the session.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Whose session it was.</summary>
    public required string Identity { get; init; }

    /// <summary>Where its holder ran, as the holder said.</summary>
    public required string HostName { get; init; }

    /// <summary>As which process.</summary>
    public required uint ProcessId { get; init; }

    /// <summary>From where the holder was heard last; empty: it was not heard in the leadership that ended the session.</summary>
    public required string PeerAddress { get; init; }

    /// <summary>Expired, revoked or closed; a newer release may know more reasons.</summary>
    public required SessionEndReason Reason { get; init; }

    /// <summary>The same for people, in somebody's own words if somebody has given a reason.</summary>
    public required string Text { get; init; }

    /// <summary>When it ended, in milliseconds since 1970.</summary>
    public required long EndedUnixMs { get; init; }

    /// <summary>
    /// For how long the holder had not renewed, in milliseconds; if it was not heard in the leadership that ended the session, since
    /// when that leadership began.
    /// </summary>
    public required long SilentMs { get; init; }

    /// <summary>Was the holder heard in the leadership that ended the session?</summary>
    public required bool IsHeard { get; init; }

    /// <summary>Was the holder's last word that its host does not vouch for itself?</summary>
    public required bool IsGateClosed { get; init; }

    /// <summary>When the holder last renewed, in milliseconds since 1970; null: before the leadership that ended the session.</summary>
    public long? RenewedUnixMs => IsHeard ? EndedUnixMs - SilentMs : null;
}
