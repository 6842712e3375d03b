using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>
/// Does the store remember all that was given out on it? A holder whose epoch it has never counted proves that it went back to
/// an older copy, or was lost; one that was filled from an export is known to have. Then other holders may live whose
/// sessions are forgotten, for as long as a term lasts, and until then no identity that the table lacks is given to anybody.
/// </summary>
/// <param name="snapshot">What the store remembers.</param>
/// <param name="longestTermMs">T_max: what forgotten sessions may have been promised.</param>
internal sealed class StorePast(StoreSnapshot snapshot, uint longestTermMs)
{
    private long _forgottenUntilNs;

    /// <summary>A key that this store has never given out; null: none was heard of.</summary>
    internal SessionKey? Stranger { get; private set; }

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

    /// <summary>How long, in milliseconds, an identity that the table lacks may be held by somebody whom the store forgot.</summary>
    internal uint ForgottenMs(long nowNs) => (IsRestored || Stranger != null) && nowNs < _forgottenUntilNs
        ? (uint)((_forgottenUntilNs - nowNs + 999_999) / 1_000_000)
        : 0;

    /// <summary>Is all over that an older store had promised, so that the store need not remember that it was filled?</summary>
    internal bool IsOver(long nowNs) => IsRestored && nowNs >= _forgottenUntilNs;

    /// <summary>The store has noted it.</summary>
    internal void Accept(bool isRestored) => IsRestored = isRestored;
}
