using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <content>
/// A store that goes back. P2 and P3 hold through it; P1 holds again for what is promised from then on, and where an export
/// was imported, which the next leader knows of, for what was promised before, too.
/// </content>
internal sealed partial class Witness
{
    /// <summary>How far a store had counted that is in nobody's hands any more.</summary>
    private ulong _lostRevision;

    /// <summary>Was an export imported, when it went back last?</summary>
    private bool _isImported;

    /// <summary>An older state is in place of the store, or none at all.</summary>
    internal void WentBack(ulong lostRevision, StoreContent content, bool isImport)
    {
        Counts.WentBack++;
        _isImported = isImport;
        _lostRevision = Math.Max(_lostRevision, lostRevision);
        foreach (ItemCall call in _calls.Values)
        {
            // Made again since an earlier copy, it may now be found as it was made before.
            call.Revision = 0;
        }

        ObjectsWentBack(content);
        Dictionary<ulong, StoredSession> stored = content.Sessions.Values.ToDictionary(session => session.Put.Key.Epoch);
        foreach ((ulong epoch, KnownSession known) in _sessions)
        {
            if (!isImport)
            {
                known.FormerPromiseNs = Math.Max(known.FormerPromiseNs, known.PromisedUntilNs);
                known.PromisedUntilNs = 0;
            }

            if (stored.TryGetValue(epoch, out StoredSession? found))
            {
                // It may have ended since; then it is there again, and ends again.
                known.IsRemoved = known.IsToldEnded = false;
                known.HasFormerConnection |= known.Nonce != found.Put.Key.Nonce;
                known.Nonce = found.Put.Key.Nonce;
                known.IsMarked = found.Put.SuspectMs != null;
                known.MarkDecidedBy = 0;
                foreach ((string key, ItemRegister register) in known.Items)
                {
                    StoreChange.PutItem? item = found.Items.GetValueOrDefault(key);
                    register.GoBack(item == null ? 0 : BitConverter.ToInt32(item.Value.Span));
                }
            }
        }
    }

    /// <summary>Nobody could know of a promise that the store has forgotten.</summary>
    private bool IsExcused(KnownSession known) => world.Agenda.NowNs < known.FormerPromiseNs;

    /// <summary>P1 between a session and the next of its server.</summary>
    private void NobodyElseServes(string identity, ulong epoch)
    {
        foreach (SimFollower holder in world.Followers.Where(f => f.Identity == identity && f.WouldServe))
        {
            Require(
                holder.WordEpoch == epoch || (holder.IsSuperseded && Of(holder.WordEpoch).MayEnd) || IsExcused(Of(holder.WordEpoch)),
                $"P1: {holder.Name} would still serve epoch {holder.WordEpoch} when {epoch} begins");
        }
    }
}
