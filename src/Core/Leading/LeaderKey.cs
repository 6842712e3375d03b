using System.Collections.Generic;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>The leader key as a store has it.</summary>
/// <param name="CreateRevision">At which it was created: after a restore of etcd another's may have the same.</param>
/// <param name="LeaseId">The lease that it hangs on; 0: on none, so somebody wrote it by hand. Lease ids are not counted.</param>
public readonly record struct FoundKey(long CreateRevision, long LeaseId);

/// <summary>
/// The leadership of a master that has created the leader key in etcd. The key is prolonged by moving it to a new lease, in a transaction
/// that compares its create revision and its lease; this says when, what a key that was found there means, and until when the master may act.
/// </summary>
/// <remarks>
/// It has no clock, thread or I/O. One thread prolongs; <see cref="Lease"/> and <see cref="CreateRevision"/> may be read by any.
/// </remarks>
/// <param name="termMs">Of each lease.</param>
/// <param name="rateBoundPpm">rho.</param>
public sealed class LeaderKey(uint termMs, uint rateBoundPpm)
{
    /// <summary>The leases on which the key may hang: the last that is known, and those whose answer is not.</summary>
    private readonly HashSet<long> _leases = [];

    /// <summary>Until when the master may act.</summary>
    public LeadershipLease Lease { get; } = new(rateBoundPpm);

    /// <summary>What every transaction of the leadership compares; 0: no key was created.</summary>
    public long CreateRevision { get; private set; }

    /// <summary>The lease on which the key hangs, as far as it is known: a renewal that was long on its way must not move the key back.</summary>
    public long LeaseId { get; private set; }

    /// <summary>The leases with which the key goes.</summary>
    public IReadOnlyCollection<long> Leases => _leases;

    /// <summary>The key is not this master's any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>When the key is prolonged next, after it was or after a failure.</summary>
    public int PauseMs(bool isProlonged) =>
        (int)(termMs / (isProlonged ? Limits.LeaderKeyRenewalsPerTerm : Limits.LeaderKeyAttemptsPerTerm));

    /// <summary>
    /// May it be prolonged by a master of which a write has waited so long for its outcome? Another may find the store willing; who cannot
    /// write must not lead.
    /// </summary>
    public bool MayProlong(long stalledNs) => stalledNs <= Ns.FromMs(termMs) / 2;

    /// <summary>The key was created.</summary>
    /// <param name="leaseId">It hangs on that lease.</param>
    /// <param name="createRevision">Of it.</param>
    /// <param name="sentNs">Before the lease was asked for.</param>
    /// <param name="nowNs">Now.</param>
    public void Created(long leaseId, long createRevision, long sentNs, long nowNs)
    {
        CreateRevision = createRevision;
        Prolonged(leaseId, sentNs, nowNs);
    }

    /// <summary>
    /// The key is about to be moved to a lease that was granted. After a failure it hangs on that one or still on the old. Nobody revokes
    /// the other: to run out costs etcd as much, and the next renewal would have to wait for it.
    /// </summary>
    public void Moves(long leaseId) => _leases.Add(leaseId);

    /// <summary>The key was moved: what was sent before does not move it any more.</summary>
    public void Moved(long leaseId, long sentNs, long nowNs) => Prolonged(leaseId, sentNs, nowNs);

    /// <summary>The key was not moved, since it is not as it was thought to be.</summary>
    /// <param name="found">As it is; null: it is gone.</param>
    /// <returns>True: an earlier renewal did arrive, and only its answer was lost. False: the leadership is over.</returns>
    public bool IsStill(FoundKey? found)
    {
        if (found is { } key && (IsOwn(key) || IsByHand(key)))
        {
            LeaseId = key.LeaseId;
            return true;
        }

        Ends();
        return false;
    }

    /// <summary>Is it the key of this leadership, by which lease soever?</summary>
    public bool IsOwn(FoundKey key) => key.CreateRevision == CreateRevision && _leases.Contains(key.LeaseId);

    /// <summary>The master no longer acts: the key is lost or given up.</summary>
    public void Ends()
    {
        Lease.End();
        IsOver = true;
    }

    // Without a lease the key was written by hand over this master's own; the next renewal hangs it on one again.
    private bool IsByHand(FoundKey key) => key.CreateRevision == CreateRevision && key.LeaseId == 0;

    private void Prolonged(long leaseId, long sentNs, long nowNs)
    {
        _leases.Clear();
        _leases.Add(leaseId);
        LeaseId = leaseId;
        Lease.Prolong(sentNs, termMs, nowNs);
    }
}
