using System;

namespace Interop.Sessions.Follower;

/// <summary>The master's answer to a create.</summary>
public sealed record GrantedSession
{
    /// <summary>The session, its epoch, and the connection that holds it.</summary>
    public required SessionKey Key { get; init; }

    /// <summary>The leadership that granted it.</summary>
    public required ulong MasterEpoch { get; init; }

    /// <summary>T: the granted term.</summary>
    public required uint TermMs { get; init; }

    /// <summary>T_max: the longest term that the master promises to anybody; 0: not said.</summary>
    public uint LongestTermMs { get; init; }

    /// <summary>ρ of the master; 0: not said.</summary>
    public uint ClockRateBoundPpm { get; init; }

    /// <summary>How often to renew.</summary>
    public required uint RenewalIntervalMs { get; init; }

    /// <summary>When to renew first, so that many followers spread over the interval.</summary>
    public required uint RenewalPhaseMs { get; init; }

    /// <summary>Granted capabilities.</summary>
    public ulong Capabilities { get; init; }

    /// <summary>The window of the data report to begin with.</summary>
    public ReportWindow ReportWindow { get; init; }
}

/// <summary>The master's answer to a renewal.</summary>
/// <param name="Key">Whose renewal it answers.</param>
/// <param name="MasterEpoch">The leadership that answers.</param>
/// <param name="Status">Ok, or why not.</param>
/// <param name="TermMs">T, if Ok; 0: it was asked for its standing, lives, and was not renewed.</param>
/// <param name="IntervalMs">How often to renew from now on, if Ok; 0: as before.</param>
/// <param name="LongestTermMs">T_max; 0: not said.</param>
public readonly record struct RenewalAnswer(
    SessionKey Key, ulong MasterEpoch, SessionStatus Status, uint TermMs, uint IntervalMs = 0, uint LongestTermMs = 0)
{
    /// <summary>ρ of the master; 0: not said.</summary>
    public uint ClockRateBoundPpm { get; init; }

    /// <summary>Why not, or why it is drained, where a person has said so; for people.</summary>
    public string Text { get; init; } = "";

    /// <summary>With a term: the identity is drained.</summary>
    public bool IsDraining { get; init; }

    /// <summary>
    /// Could a master have said so? What could not be is no answer: believed, a single leadership beyond all others would make every
    /// honest master a deposed one.
    /// </summary>
    public bool IsOfAMaster => GrantedNumbers.IsLeadership(MasterEpoch) &&
        (Status != SessionStatus.Ok || TermMs == 0 || TermMs >= Limits.MinTermMs);
}

/// <summary>What a holder asks its master for.</summary>
public enum Asking
{
    /// <summary>Nothing: its host does not vouch for itself.</summary>
    Nothing,

    /// <summary>An inquiry that says so: a last word, for the record of an end that may follow.</summary>
    LastWord,

    /// <summary>A renewal.</summary>
    Renewal,

    /// <summary>The session's standing only: the data path refuses, and a session that no server serves must be able to end.</summary>
    Inquiry,
}

/// <summary>What the holder promises about its own machine.</summary>
/// <param name="ClockRateBoundPpm">ρ: the bound on each clock's rate error, in parts per million.</param>
/// <param name="EffectDelayMs">δ: the longest time from lease check to effect.</param>
public readonly record struct HolderBounds(uint ClockRateBoundPpm, uint EffectDelayMs)
{
    /// <summary>The same beside a master that names its own ρ: a lease is measured by the clocks of both, so the larger holds.</summary>
    /// <param name="masterPpm">ρ of the master; 0: not said.</param>
    public HolderBounds Beside(uint masterPpm) =>
        this with { ClockRateBoundPpm = Math.Max(ClockRateBoundPpm, Math.Min(masterPpm, Limits.MaxClockRateBoundPpm)) };
}
