using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>What a store is told when a leadership begins, and the rule by which its counters go on.</summary>
public sealed record LeadRequest
{
    /// <summary>The wall clock, in seconds since 1970.</summary>
    public required long UnixSeconds { get; init; }

    /// <summary>The number of the leadership where a host elects, no lower than any before; 0: the store counts.</summary>
    public ulong MasterEpoch { get; init; }

    /// <summary>A number that has led elsewhere on what the store is about to hold; 0: none is known.</summary>
    public ulong MasterEpochAbove { get; init; }

    /// <summary>The counters of the leadership, above those of all before it, whatever has happened to the store.</summary>
    /// <param name="former">The master epoch that the store knows.</param>
    /// <param name="formerRevision">The revision that it knows.</param>
    /// <param name="store">Names the store in a refusal.</param>
    /// <exception cref="SessionException">NotLeader: a higher number has led; StoreFailed: the wall clock is no clock.</exception>
    public (ulong MasterEpoch, ulong Revision) Count(ulong former, ulong formerRevision, string store)
    {
        // A store without a past may have replaced one that had numbers ahead of a clock that is behind.
        bool isNew = former == 0 && formerRevision == 0;
        ulong floor = EpochFloor.At(UnixSeconds + (isNew ? Limits.NewStoreAheadSeconds : 0));
        ulong revision = Math.Max(formerRevision, floor);
        if (MasterEpoch == 0)
        {
            return (Math.Max(Math.Max(former, MasterEpochAbove) + 1, floor), revision);
        }

        return MasterEpoch >= former ? (MasterEpoch, revision) : throw new SessionException(
            SessionStatus.NotLeader, $"master epoch {MasterEpoch} is lower than {former}, which has led on {store}");
    }
}
