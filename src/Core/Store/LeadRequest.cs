using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>What a store is told when a leadership begins, and the rule by which its counters go on.</summary>
public sealed record LeadRequest
{
    /// <summary>The wall clock, in milliseconds since 1970.</summary>
    public required long UnixMs { get; init; }

    /// <summary>The number of the leadership where a host elects, no lower than any before; 0: the store counts.</summary>
    public ulong MasterEpoch { get; init; }

    /// <summary>A number that has led elsewhere on what the store is about to hold; 0: none is known.</summary>
    public ulong MasterEpochAbove { get; init; }

    /// <summary>
    /// From now on no master leads that knows no format of at least this number. The number is asked for once all masters know
    /// the format, or where the content that is about to be stored came with it; 0: as before.
    /// </summary>
    public int MinReader { get; init; }

    /// <summary>The counters of the leadership, above those of all before it, whatever has happened to the store.</summary>
    /// <param name="former">The master epoch that the store knows.</param>
    /// <param name="formerRevision">The revision that it knows.</param>
    /// <param name="store">Names the store in a refusal.</param>
    /// <exception cref="SessionException">NotLeader: a higher number has led; StoreFailed: the wall clock is no clock, or the number none.</exception>
    public (ulong MasterEpoch, ulong Revision) Count(ulong former, ulong formerRevision, string store)
    {
        // Never ahead of the clock, not even in a store without a past: an older copy of it that is put back would not know
        // how far ahead others had gone on, and the clock would not say.
        ulong floor = EpochFloor.At(UnixMs);
        ulong revision = Math.Max(formerRevision, floor);
        ulong next = Math.Max(former, MasterEpochAbove) + 1;
        if (SnapshotRules.FaultOfState(Math.Max(former, MasterEpochAbove), formerRevision, lengthenedTermMs: 0) is { } fault)
        {
            throw new SessionException(SessionStatus.StoreFailed, $"{store} has counted to where no master does: its {fault}");
        }

        if (MasterEpoch == 0)
        {
            return next <= Limits.MaxMasterEpoch ? (Math.Max(next, floor), revision) : throw new SessionException(
                SessionStatus.StoreFailed, $"master epoch {former} has led on {store}, and there is none above it");
        }

        if (MasterEpoch > Limits.MaxMasterEpoch)
        {
            // No follower would believe it.
            throw new SessionException(
                SessionStatus.StoreFailed, $"the host elects master epoch {MasterEpoch}; the highest is {Limits.MaxMasterEpoch}");
        }

        return MasterEpoch >= former ? (MasterEpoch, revision) : throw new SessionException(
            SessionStatus.NotLeader, $"master epoch {MasterEpoch} is lower than {former}, which has led on {store}");
    }
}
