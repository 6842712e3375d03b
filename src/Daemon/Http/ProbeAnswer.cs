namespace Interop.Sessions.Daemon.Http;

/// <summary>How far the program is, as probes are told.</summary>
internal enum WatchedPhase
{
    /// <summary>It does not serve followers yet: it may wait for its store or for etcd.</summary>
    Starting,

    /// <summary>It serves.</summary>
    Serving,

    /// <summary>It was told to stop.</summary>
    Stopping,
}

/// <summary>What a probe is answered: the deciding part.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Text">For people.</param>
internal readonly record struct ProbeAnswer(int Status, string Text)
{
    private const int Ok = 200;
    private const int Unavailable = 503;

    /// <summary>The answer at a path; null: nothing is there.</summary>
    /// <param name="path">As it was asked for.</param>
    /// <param name="phase">How far the program is.</param>
    /// <param name="epoch">Of the leadership in which it may act; null: another leads, or nobody.</param>
    internal static ProbeAnswer? At(string path, WatchedPhase phase, ulong? epoch) => path switch
    {
        "/live" => new(Ok, "lives"),
        "/ready" when phase == WatchedPhase.Serving => new(Ok, Standing(epoch)),
        "/leader" when phase == WatchedPhase.Serving => new(epoch == null ? Unavailable : Ok, Standing(epoch)),
        "/ready" or "/leader" => new(Unavailable, phase == WatchedPhase.Starting ? "starts" : "stops"),
        _ => null,
    };

    private static string Standing(ulong? epoch) => epoch is { } leads ? $"leads with master epoch {leads}" : "stands by";
}
