namespace Interop.Sessions.Follower;

/// <summary>Why renewals are no longer sent over a line.</summary>
public enum LineEnd
{
    /// <summary>The master does not lead. The line stays open: it may lead the next moment.</summary>
    DoesNotLead,

    /// <summary>An answer is overdue.</summary>
    Late,

    /// <summary>A message could not be sent.</summary>
    Stuck,

    /// <summary>The stream has ended.</summary>
    Broken,
}

/// <summary>What is to be known of a line's end.</summary>
/// <param name="End">Why.</param>
/// <param name="Failure">The same for the endpoints, and for people.</param>
public sealed record LineReport(LineEnd End, SessionException Failure)
{
    /// <summary>What the end says of the connection for calls to the same master.</summary>
    public ConnectionSign Sign => End switch
    {
        LineEnd.DoesNotLead => ConnectionSign.Works,
        LineEnd.Broken => ConnectionSign.Useless,
        _ => ConnectionSign.Lost,
    };

    internal static LineReport Late { get; } =
        new(LineEnd.Late, new SessionException(SessionStatus.TimedOut, "no answer within the renewal interval"));

    internal static LineReport Stuck { get; } =
        new(LineEnd.Stuck, new SessionException(SessionStatus.TimedOut, "a renewal could not be sent within the interval"));

    internal static LineReport Broken(SessionException failure) => new(
        LineEnd.Broken,
        failure.Status == SessionStatus.NotLeader ? failure : new SessionException(SessionStatus.NoMaster, failure.Message, failure));

    internal static LineReport DoesNotLead(string? leaderHint) => new(
        LineEnd.DoesNotLead,
        new SessionException(SessionStatus.NotLeader, "the master does not lead") { LeaderHint = leaderHint });
}
