using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>
/// Does the store remember all that was given out on it? A holder whose epoch it has never counted proves that it went back to
/// an older copy, or was lost; one that was filled from an export is known to have. Then other holders may live whose
/// sessions are forgotten, for as long as a term lasts, and until then no identity is given to anybody but by re-attach: not one
/// that the table lacks, nor one whose session there may be older than what somebody else was given since.
/// </summary>
/// <param name="snapshot">What the store remembers.</param>
/// <param name="longestTermMs">T_max: what forgotten sessions may have been promised.</param>
internal sealed class StorePast(StoreSnapshot snapshot, uint longestTermMs)
{
    private long _forgottenUntilNs;

    /// <summary>A key that this store has never given out; null: none was heard of.</summary>
    internal SessionKey? Stranger { get; private set; }

    /// <summary>T_max: what anybody may have been promised.</summary>
    internal uint LongestTermMs => longestTermMs;

    /// <summary>Is it still to be noted as filled from an export?</summary>
    internal bool IsRestored { get; private set; } = snapshot.IsRestored;

    /// <summary>Whoever led before has promised nothing since.</summary>
    internal void Resume(long nowNs) =>
        _forgottenUntilNs = Math.Max(_forgottenUntilNs, LeaseArithmetic.MasterDeadlineNs(nowNs, longestTermMs));

    /// <summary>Somebody holds what the table does not know.</summary>
    /// <param name="key">What he holds.</param>
    /// <param name="revision">How far the table has counted: beyond, only a clock that is behind can have counted.</param>
    internal void Hear(SessionKey key, ulong revision)
    {
        if (Stranger == null && ((key.Epoch > snapshot.FormerRevision && key.Epoch <= snapshot.Revision) || key.Epoch > revision))
        {
            Stranger = key;
        }
    }

    /// <summary>How long, in milliseconds, any identity may be held by somebody whom the store forgot.</summary>
    internal uint ForgottenMs(long nowNs) => (IsRestored || Stranger != null) && nowNs < _forgottenUntilNs
        ? (uint)Ns.ToMsUp(_forgottenUntilNs - nowNs)
        : 0;

    /// <summary>
    /// May another connection have taken the session up, of which an export that was made before knows nothing? Then who gives
    /// it back does not prove that nobody serves by it.
    /// </summary>
    internal bool MayHaveLaterHolder(SessionKey key) => IsRestored && key.Epoch <= snapshot.FormerRevision;

    /// <summary>Is all over that an older store had promised, so that the store need not remember that it was filled?</summary>
    internal bool IsOver(long nowNs) => IsRestored && nowNs >= _forgottenUntilNs;

    /// <summary>The store has noted it.</summary>
    internal void Accept(bool isRestored) => IsRestored = isRestored;
}
