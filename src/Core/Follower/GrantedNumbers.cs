namespace Interop.Sessions.Follower;

/// <summary>Bounds on the numbers that a master names: a holder believes none that no store could have counted to.</summary>
public static class GrantedNumbers
{
    /// <summary>Can there be such a leadership?</summary>
    public static bool IsLeadership(ulong masterEpoch) => masterEpoch <= Limits.MaxMasterEpoch;

    /// <summary>Can there be such a revision? The epoch of a session is the revision that made it.</summary>
    public static bool IsRevision(ulong revision) => revision <= Limits.MaxCountedRevision;

    /// <summary>Can a master have given out such a session?</summary>
    public static bool IsSession(SessionKey key, ulong masterEpoch) =>
        key.SessionId != 0 && key.Epoch != 0 && IsRevision(key.Epoch) && IsLeadership(masterEpoch);
}
