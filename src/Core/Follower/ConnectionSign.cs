namespace Interop.Sessions.Follower;

/// <summary>What the end of a call, or of a keep-alive stream, says of the connection for calls to its master.</summary>
public enum ConnectionSign
{
    /// <summary>Nothing: a master whose store hangs answers no more than a dead one.</summary>
    None,

    /// <summary>A master answered at that address, also one that does not lead: it may lead the next time.</summary>
    Works,

    /// <summary>The connection was of no use: another address is dialled, if the name has another.</summary>
    Useless,

    /// <summary>A peer that went away without a word took the connection with it, most likely: it is dialled again in any case.</summary>
    Lost,
}

/// <summary>The signs, by what has happened.</summary>
public static class ConnectionSigns
{
    /// <summary>Of a call that has failed.</summary>
    /// <param name="status">What was answered, or happened.</param>
    /// <param name="isOutcomeUnknown">False: the master answered, and did nothing.</param>
    public static ConnectionSign OfCall(SessionStatus status, bool isOutcomeUnknown) => (status, isOutcomeUnknown) switch
    {
        (SessionStatus.NoMaster or SessionStatus.Unauthenticated, _) => ConnectionSign.Useless,
        (SessionStatus.TimedOut, true) => ConnectionSign.None,
        _ => ConnectionSign.Works,
    };
}
