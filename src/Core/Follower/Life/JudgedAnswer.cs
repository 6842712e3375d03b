namespace Interop.Sessions.Follower;

/// <summary>An answer to a renewal, and what came of it.</summary>
/// <param name="Answer">What the master said.</param>
/// <param name="SentNs">s of the request that it answers.</param>
/// <param name="IntervalMs">The interval of renewals as it was before.</param>
/// <param name="LeaderEpoch">The highest leadership that was heard of before.</param>
/// <param name="IsExtended">It has extended the lease.</param>
public readonly record struct JudgedAnswer(
    RenewalAnswer Answer, long SentNs, uint IntervalMs, ulong LeaderEpoch, bool IsExtended);
