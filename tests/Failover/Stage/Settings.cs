namespace Interop.Sessions.Failover.Stage;

/// <summary>What all scenarios are played with, in milliseconds.</summary>
internal static class Settings
{
    /// <summary>T, also T_max: its usable part must outlast a take-over.</summary>
    internal const uint TermMs = 12_000;

    /// <summary>T·(1−ρ)/(1+ρ) with ρ = 0.10.</summary>
    internal const long UsableMs = TermMs * 9L / 11;

    /// <summary>Of the leader's own lease in etcd.</summary>
    internal const uint LeaderTermMs = 2_000;

    /// <summary>Sessions that change items all the while.</summary>
    internal const int Sessions = 2_000;

    /// <summary>Sessions whose holders die when the fault comes.</summary>
    internal const int Dead = 50;

    /// <summary>Real followers whose data path is watched.</summary>
    internal const int Followers = 8;

    /// <summary>Real followers of the row that has nothing but defaults.</summary>
    internal const int ManyFollowers = 500;

    /// <summary>Processes' worth of connections and streams that they share.</summary>
    internal const int ManyManagers = 50;

    /// <summary>
    /// With all defaults, what a lease of 10 s leaves for a fail-over: T·(1−ρ)/(1+ρ) − T/6 (docs/operations.md).
    /// </summary>
    internal const long DefaultTakeOverMs = (Limits.DefaultTermMs * 9L / 11) - (Limits.DefaultTermMs / 6);

    /// <summary>
    /// Of an unannounced end, until another is heard: the leader's lease, etcd's look at its leases (0.5 s) and the load.
    /// </summary>
    internal const long TakeOverMs = LeaderTermMs + 3_000;

    /// <summary>Of an announced end: nobody waits for a lease, but the load renews every T/6.</summary>
    internal const long HandOverMs = (TermMs / 6) + 1_000;
}
