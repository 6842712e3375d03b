using System;
using System.Globalization;

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
    /// With the id, it lets a restarted process take the session up, once: each re-attach has a new one. The follower chose it, and masters
    /// know its hash only. Not for logs, and not in the text of this record.
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

    /// <summary>Its identity is drained: the server gets no new objects, and no session after this one until an operator undrains it.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Why, for people; empty: nobody has said so, or it is not drained.</summary>
    public string DrainReason { get; init; } = "";

    /// <summary>D_f in CLOCK_BOOTTIME nanoseconds; 0 while the data path must refuse.</summary>
    public long DeadlineNs { get; init; }

    /// <summary>For logs: without the secret.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"session {Notation.OfSession(SessionId)} of epoch {Epoch}, {State.Name()}, term {TermMs} ms, master epoch {MasterEpoch}{(EndText.Length > 0 ? $": {EndText}" : "")}");
}
