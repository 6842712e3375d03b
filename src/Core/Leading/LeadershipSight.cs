namespace Interop.Sessions.Master;

/// <summary>How a leadership stands at one moment.</summary>
public readonly record struct LeadershipSight
{
    /// <summary>Is it won and lost in an election among masters, so that giving it up lets another have it?</summary>
    public required bool IsElected { get; init; }

    /// <summary>Does the host say yes?</summary>
    public required bool HostLeads { get; init; }

    /// <summary>Does the leadership's own lease still run?</summary>
    public required bool IsHeld { get; init; }

    /// <summary>Was the store looked at of late?</summary>
    public required bool IsStoreSeen { get; init; }

    /// <summary>Will it never be prolonged again, or is its store lost?</summary>
    public required bool IsOver { get; init; }

    /// <summary>How often it, or its host's yes, had run out and came back.</summary>
    public required int Interruptions { get; init; }

    /// <summary>May the master act on what it has received?</summary>
    public bool MayAct => IsStoreSeen && !IsOver && IsHeld && HostLeads;
}
