namespace Interop.Sessions.Lease;

/// <summary>
/// The two sums that lease safety rests on. Promise P1: while each clock's rate error is at most rho and every effect
/// follows its check within delta, no effect of the holder happens after the master's expiry.
/// </summary>
public static class LeaseArithmetic
{
    private const ulong Million = 1_000_000;

    /// <summary>
    /// When the holder must stop: s + T·(1−ρ)/(1+ρ) − δ. The holder's clock may run slow and the master's fast, each by ρ;
    /// s precedes the request, so it precedes the master's receipt.
    /// </summary>
    /// <param name="sentNs">s: the holder's clock before it built the request.</param>
    /// <param name="termMs">T: the granted term.</param>
    /// <param name="rateBoundPpm">ρ in parts per million.</param>
    /// <param name="effectDelayMs">δ: the longest time from check to effect.</param>
    public static long HolderDeadlineNs(long sentNs, uint termMs, uint rateBoundPpm, uint effectDelayMs) =>
        sentNs + UsableTermNs(termMs, rateBoundPpm) - Ns.FromMs(effectDelayMs);

    /// <summary>T·(1−ρ)/(1+ρ), rounded down.</summary>
    public static long UsableTermNs(uint termMs, uint rateBoundPpm) =>
        (long)(termMs * Million * (Million - rateBoundPpm) / (Million + rateBoundPpm));

    /// <summary>
    /// T·(1+ρ)/(1−ρ), rounded up: how long to wait until a term has passed on a clock that may be slow, by one that may be fast.
    /// </summary>
    public static long PatienceNs(uint termMs, uint rateBoundPpm)
    {
        ulong slowest = Million - rateBoundPpm;
        return (long)(((termMs * Million * (Million + rateBoundPpm)) + slowest - 1) / slowest);
    }

    /// <summary>When the master may expire: p + T, with p its clock after it received the request.</summary>
    public static long MasterDeadlineNs(long receivedNs, uint termMs) => receivedNs + Ns.FromMs(termMs);
}
