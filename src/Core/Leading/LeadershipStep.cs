namespace Interop.Sessions.Master;

/// <summary>What a master does about its leadership next.</summary>
public enum LeadershipStep
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// It asks for the leadership, and if it is given loads what is stored, begins all leases anew, and tells
    /// <see cref="LeadershipSteps.Began"/>.
    /// </summary>
    Campaign,

    /// <summary>It begins all leases anew, since nobody could renew for a while, then tells <see cref="LeadershipSteps.LeasesBegan"/>.</summary>
    BeginLeasesAnew,

    /// <summary>It lets go of what is lost: what waits is refused.</summary>
    EndLost,

    /// <summary>It lets another lead, as its host wishes: what waits is finished.</summary>
    EndForHost,
}
