using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>
/// Does the store remember all that was given out on it? A holder whose epoch the store has never counted proves that the store
/// went back to an older copy, or was lost; a store that was filled from an export is known to have gone back. Then other
/// holders may live whose sessions are forgotten, for as long as a term lasts, and until then no identity is given to any
/// server but by re-attach: not an identity that the table lacks, nor one whose session there may be older than what another
/// server was given since.
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

    /// <summary>Masters that led before have promised nothing since.</summary>
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

    /// <summary>How long, in milliseconds, any identity may be held by a holder that the store forgot.</summary>
    internal uint ForgottenMs(long nowNs) => (IsRestored || Stranger != null) && nowNs < _forgottenUntilNs
        ? (uint)Ns.ToMsUp(_forgottenUntilNs - nowNs)
        : 0;

    /// <summary>
    /// May another connection have taken the session up, of which an export that was made before knows nothing? Then a process
    /// that gives the session back does not prove that no other process serves by it.
    /// </summary>
    internal bool MayHaveLaterHolder(SessionKey key) => IsRestored && key.Epoch <= snapshot.FormerRevision;

    /// <summary>Is all over that an older store had promised, so that the store need not remember that it was filled?</summary>
    internal bool IsOver(long nowNs) => IsRestored && nowNs >= _forgottenUntilNs;

    /// <summary>The store has noted it.</summary>
    internal void Accept(bool isRestored) => IsRestored = isRestored;
}
