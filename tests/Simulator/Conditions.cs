using Interop.Sessions.Follower;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator;

/// <summary>How masters follow each other.</summary>
internal enum Election
{
    /// <summary>There is one: it has the lock of its file.</summary>
    Lock,

    /// <summary>By a key in the store, as in etcd.</summary>
    Key,

    /// <summary>By their hosts, which have an election of their own.</summary>
    Host,
}

/// <summary>The settings of one history, drawn from its seed: few machines, short terms, and bounds that are used to the full.</summary>
internal sealed class Conditions
{
    internal Conditions(SimRandom random)
    {
        RateBoundPpm = (uint)random.OneOf(10_000, 50_000, 100_000, 200_000);
        EffectDelayMs = (uint)random.OneOf(0, 20, 100);
        MasterCount = random.OneOf(1, 2, 3);
        ProcessCount = random.OneOf(2, 3);
        MaxTermMs = (uint)random.Between(3000, 6000);
        WallClockErrorMs = random.OneOf(0, 2_000, 3_600_000);
        LeaderTermMs = (uint)random.Between(1000, 3000);
        Table = new SessionTableSettings
        {
            TermMs = 1500,
            MinTermMs = 1000,
            MaxTermMs = MaxTermMs,
            ClockRateBoundPpm = RateBoundPpm,
            // So few that each session more or less changes everybody's term.
            MaxRenewalsPerSecond = (uint)random.OneOf(4, 10, 1000),
            // So few that some go with most that come.
            MaxEnds = 5,
            // So few that who was away for long has missed some.
            MaxWatchChanges = 20,
            ReassignsAfterEnd = random.Chance(500),
        };
        Election = MasterCount == 1 ? Election.Lock : random.Chance(300) ? Election.Host : Election.Key;
    }

    /// <summary>rho: each machine's clock keeps it.</summary>
    internal uint RateBoundPpm { get; }

    /// <summary>delta: each data path keeps it, while its process is not stopped.</summary>
    internal uint EffectDelayMs { get; }

    /// <summary>One: it owns its store, as with SQLite. More: one of them is elected.</summary>
    internal int MasterCount { get; }

    internal Election Election { get; }

    /// <summary>For how long whoever led before may still have promised.</summary>
    internal long PredecessorNs => Election switch
    {
        Election.Lock => Predecessor.OfFile(RateBoundPpm),
        Election.Host => Predecessor.OfHost(RateBoundPpm),
        _ => Predecessor.OfKey(LeaderTermMs, RateBoundPpm),
    };

    internal int ProcessCount { get; }

    /// <summary>How many followers a process has, which share its stream.</summary>
    internal static int FollowersOfOne(SimRandom random) => random.OneOf(1, 1, 2, 3);

    internal uint MaxTermMs { get; }

    /// <summary>Of the leader's own lease.</summary>
    internal uint LeaderTermMs { get; }

    /// <summary>By how much each machine's date may be wrong.</summary>
    internal long WallClockErrorMs { get; }

    private SessionTableSettings Table { get; }

    /// <summary>
    /// T_max may be another for each leader: it is a setting, and can be lowered. Not where the store went back, since what it has forgotten
    /// is waited for by the T_max of the present (docs/leases.md).
    /// </summary>
    internal SessionTableSettings TableOf(SimRandom random, bool hasGoneBack)
    {
        uint maxTermMs = random.Chance(700) ? MaxTermMs : (uint)random.Between(2500, MaxTermMs);
        return Table with { MaxTermMs = hasGoneBack ? MaxTermMs : maxTermMs };
    }

    /// <summary>Of holders. Some are told too small a rho: the master's is the larger, and holds.</summary>
    internal HolderBounds Bounds => new(EffectDelayMs == 20 ? RateBoundPpm / 8 : RateBoundPpm, EffectDelayMs);

    /// <summary>Within rho, and most often at its edges. A little inside: a clock of nanoseconds rounds.</summary>
    internal long ClockError(SimRandom random)
    {
        long bound = RateBoundPpm - 20;
        return random.OneOf(-bound, bound, 0, random.Between(-bound, bound));
    }
}
