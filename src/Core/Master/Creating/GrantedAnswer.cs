using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>The answer to a create or re-attach. An answer does not change when the session does.</summary>
public sealed record GrantedAnswer
{
    internal GrantedAnswer(SessionTable table, Session session)
    {
        Key = session.Key;
        MasterEpoch = table.MasterEpoch;
        LongestTermMs = table.LongestTermMs;
        ClockRateBoundPpm = table.ClockRateBoundPpm;
        TermMs = session.PromisedTermMs;
        ItemsOfCreate = session.ItemsOfCreate;
    }

    /// <summary>Of the session, and of the connection that holds it by this answer.</summary>
    public SessionKey Key { get; }

    /// <summary>Of the leadership that promises it.</summary>
    public ulong MasterEpoch { get; }

    /// <summary>T_max of this master, in milliseconds.</summary>
    public uint LongestTermMs { get; }

    /// <summary>ρ of this master; 0: not said.</summary>
    public uint ClockRateBoundPpm { get; }

    /// <summary>T, in milliseconds.</summary>
    public uint TermMs { get; }

    /// <summary>How often it is renewed, in milliseconds.</summary>
    public uint RenewalIntervalMs => RenewalPace.IntervalMs(TermMs);

    /// <summary>When within an interval: session ids are random, so their remainders spread over it.</summary>
    public uint RenewalPhaseMs => (uint)(Key.SessionId % RenewalIntervalMs);

    /// <summary>How many items it carries that its create brought.</summary>
    public int ItemsOfCreate { get; }

    /// <summary>What the host granted.</summary>
    public ulong Capabilities { get; init; }

    /// <summary>What the follower reports of its data first.</summary>
    public ReportWindow ReportWindow { get; init; }
}
