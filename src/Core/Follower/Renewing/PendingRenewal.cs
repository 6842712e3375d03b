namespace Interop.Sessions.Follower;

/// <summary>A renewal, or an inquiry, on its way out.</summary>
/// <param name="Key">Of the session and its holder.</param>
/// <param name="IntervalMs">How long an answer may take: the next renewal follows by then.</param>
/// <param name="AskedNs">When the follower asked for it.</param>
/// <param name="DeadlineNs">D_f as it was then; 0: the data path refuses.</param>
public readonly record struct PendingRenewal(SessionKey Key, uint IntervalMs, long AskedNs, long DeadlineNs)
{
    /// <summary>An inquiry: it asks for the session's standing and renews nothing.</summary>
    public bool IsInquiry { get; init; }

    /// <summary>An inquiry which says that the host does not vouch for itself.</summary>
    public bool IsGateClosed { get; init; }

    /// <summary>Whether the host still vouches for itself; null: it need not.</summary>
    public HostHealth? Health { get; init; }

    /// <summary>
    /// May it still be sent? Not when its follower has had the time to ask again, twice: it has stopped asking. Not when its
    /// host has stopped vouching for itself while it waited for a stream, nor, if it says just that, when its host has begun again.
    /// </summary>
    internal bool MayBeSent(long nowNs) =>
        (Health == null || nowNs < Health.UntilNs != IsGateClosed) && nowNs - AskedNs <= Limits.RenewalWaitIntervals * Ns.FromMs(IntervalMs);
}
