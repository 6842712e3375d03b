namespace Interop.Sessions.Master;

/// <summary>What a master does about its leadership next.</summary>
public enum LeadershipStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// The master asks for the leadership; if it wins, it loads what is stored, begins all leases again, and tells
    /// <see cref="LeadershipSteps.Began"/>.
    /// </summary>
    Campaign,

    /// <summary>
    /// The master begins all leases again, since no session could be renewed for a while, then tells
    /// <see cref="LeadershipSteps.LeasesBegan"/>.
    /// </summary>
    BeginLeasesAnew,

    /// <summary>The master lets go of a leadership that is lost: what waits is refused.</summary>
    EndLost,

    /// <summary>The master lets another lead, as its host wishes: what waits is finished.</summary>
    EndForHost,
}
