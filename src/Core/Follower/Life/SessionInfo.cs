using System;

namespace Interop.Sessions.Follower;

/// <summary>A follower's session at one moment.</summary>
public sealed record SessionInfo
{
    /// <summary>No session.</summary>
    public static SessionInfo None { get; } = new();

    /// <summary>Its state.</summary>
    public SessionState State { get; init; }

    /// <summary>Its id; 0: none.</summary>
    public ulong SessionId { get; init; }

    /// <summary>
    /// With the id, it lets a restarted process take the session up, once: each re-attach brings a new one. Not for logs.
    /// </summary>
    public UInt128 Secret { get; init; }

    /// <summary>Its fencing token.</summary>
    public ulong Epoch { get; init; }

    /// <summary>The leadership that last renewed it.</summary>
    public ulong MasterEpoch { get; init; }

    /// <summary>Granted capabilities.</summary>
    public ulong Capabilities { get; init; }

    /// <summary>What to report of the data.</summary>
    public ReportWindow ReportWindow { get; init; }

    /// <summary>The granted term, in milliseconds.</summary>
    public uint TermMs { get; init; }

    /// <summary>Why it ended, if it did.</summary>
    public SessionEndReason EndReason { get; init; }

    /// <summary>The same for people; empty while it lives.</summary>
    public string EndText { get; init; } = "";

    /// <summary>D_f in CLOCK_BOOTTIME nanoseconds; 0 while the data path must refuse.</summary>
    public long DeadlineNs { get; init; }
}
