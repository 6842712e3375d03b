using System.Collections.Generic;

namespace Interop.Sessions;

/// <summary>A page of the sessions of a master.</summary>
/// <param name="Rows">In order of id.</param>
/// <param name="NextSessionId">Where the next page begins; 0: there is none.</param>
public sealed record SessionPage(IReadOnlyList<SessionRow> Rows, ulong NextSessionId)
{
    /// <summary>How many rows may be asked for; 0: as many as a page has without a wish.</summary>
    /// <exception cref="SessionException">InvalidArgument.</exception>
    public static void RequireLimit(uint limit) => PageLimit.Require(limit, Limits.MaxSessionsPerPage);
}

/// <summary>One session as its master sees it.</summary>
public sealed record SessionRow
{
    /// <summary>Its id.</summary>
    public required ulong SessionId { get; init; }

    /// <summary>Its fencing token.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>The leadership that answers.</summary>
    public required ulong MasterEpoch { get; init; }

    /// <summary>The server description, as amended.</summary>
    public required ServerDescription Description { get; init; }

    /// <summary>Granted capabilities.</summary>
    public required ulong GrantedCapabilities { get; init; }

    /// <summary>The window of the data report that was asked for first.</summary>
    public required ReportWindow ReportWindow { get; init; }

    /// <summary>The granted term, in milliseconds.</summary>
    public required uint TermMs { get; init; }

    /// <summary>D_m in CLOCK_BOOTTIME nanoseconds: expired no earlier.</summary>
    public required long DeadlineNs { get; init; }

    /// <summary>How many items it carries.</summary>
    public required int ItemCount { get; init; }

    /// <summary>Is it being revoked, is it suspect, was it re-attached?</summary>
    public required SessionFlags Flags { get; init; }

    /// <summary>
    /// When it was created, in CLOCK_BOOTTIME nanoseconds of this master; 0: under an earlier leadership, or it is a follower that asks.
    /// </summary>
    public required long CreatedNs { get; init; }

    /// <summary>When it was last heard of, in the same; 0: not in this leadership, or as before.</summary>
    public required long RenewedNs { get; init; }
}
