using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>
/// For how long a predecessor may have acted after this master had won, in nanoseconds of this master's clock, by the way in which masters
/// follow each other: what it promised meanwhile no store and no successor has seen, so leases begin so much later (docs/leases.md).
/// </summary>
public static class Predecessor
{
    /// <summary>A host may have been deposed just after it said yes, and how long it took to say so is not known.</summary>
    public static long OfHost(uint rateBoundPpm) => LeaseArithmetic.PatienceNs(Limits.CheckLeaderAnswerMs, rateBoundPpm);

    /// <summary>The only master of a file acts until it looks again and sees that its file was replaced.</summary>
    public static long OfFile(uint rateBoundPpm) => LeaseArithmetic.PatienceNs(Limits.LeadershipPollMs, rateBoundPpm);

    /// <summary>
    /// A leader whose key is gone before its time, by a restore of etcd or by hand, hears of that at its next renewal.
    /// </summary>
    /// <param name="leaderTermMs">Of the key's lease.</param>
    /// <param name="rateBoundPpm">rho.</param>
    public static long OfKey(uint leaderTermMs, uint rateBoundPpm) => LeaseArithmetic.PatienceNs(leaderTermMs, rateBoundPpm);
}
