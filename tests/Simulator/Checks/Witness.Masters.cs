using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <content>Masters and their store.</content>
internal sealed partial class Witness
{
    private readonly Dictionary<string, ulong> _latestEpoch = [];
    private readonly HashSet<ulong> _masterEpochs = [];

    /// <summary>When, in true time, a leadership has begun all leases, for the first time or again.</summary>
    private readonly Dictionary<int, long> _leasesBegun = [];

    /// <summary>The same, for the first time.</summary>
    private readonly Dictionary<int, long> _tablesLoaded = [];
    private readonly HashSet<ulong> _abandoned = [];
    private readonly HashSet<ulong> _givenBack = [];

    /// <summary>P3: no number of a leadership comes again, whatever has happened to the store.</summary>
    internal void Leads(ulong masterEpoch) => Require(_masterEpochs.Add(masterEpoch), $"P3: master epoch {masterEpoch} is given again");

    /// <summary>Nobody could renew before: whom nobody has marked gets its term from now.</summary>
    internal void LeasesBegin(int leadership)
    {
        _leasesBegun[leadership] = world.Agenda.NowNs;
        _tablesLoaded.TryAdd(leadership, world.Agenda.NowNs);
        foreach (KnownSession known in _sessions.Values)
        {
            known.WasSuspectWhenLeasesBegan = known.IsMarked || known.MarkDecidedBy == leadership;
        }
    }

    internal void Marked(ulong epoch, bool isSuspect)
    {
        KnownSession known = Of(epoch);
        known.IsMarked = isSuspect;
        known.MarkDecidedBy = 0;
    }

    /// <summary>An operator or the holder wants it to end.</summary>
    internal void MayEnd(ulong epoch) => Of(epoch).MayEnd = true;

    internal void SessionStored(StoreChange.PutSession put)
    {
        string identity = put.Description.Identity;
        ulong epoch = put.Key.Epoch;
        Counts.Created++;
        Require(
            epoch > _latestEpoch.GetValueOrDefault(identity),
            $"P2: epoch {epoch} of {identity} follows {_latestEpoch.GetValueOrDefault(identity)}");
        Require(
            world.Store.Sessions.Values.Count(stored => stored.Put.Description.Identity == identity) == 1,
            $"{identity} has two sessions in the store");
        Require(!_sessions.ContainsKey(epoch), $"P3: epoch {epoch} is given again");
        _latestEpoch[identity] = epoch;
        _sessions.Add(epoch, new KnownSession(identity, put.Key.Nonce));
        NobodyElseServes(identity, epoch);
    }

    /// <summary>A connection has taken the session up.</summary>
    internal void Reattached(SessionKey key)
    {
        Counts.Reattached++;
        Of(key.Epoch).Nonce = key.Nonce;
        ForgetFormerCalls(key);
    }

    /// <summary>
    /// A master has found nothing wrong with a renewal. One that was deposed acts no longer than its successor waits for it; and only
    /// one whose host has not said so yet cannot know who has re-attached at its successor.
    /// </summary>
    internal void Allowed(SessionKey key, int leadership)
    {
        Require(
            world.Agenda.NowNs <= SuccessorBeganNs(leadership) + world.Conditions.PredecessorNs,
            $"epoch {key.Epoch} was renewed by a leader that its successor waits for no more");
        bool mayBeDeposed = world.Conditions.Election == Election.Host && world.Store.Leaderships != leadership;
        if (!mayBeDeposed && world.Store.Sessions.TryGetValue(key.SessionId, out StoredSession? stored))
        {
            Require(stored.Put.Key.Nonce == key.Nonce, $"a former connection of epoch {key.Epoch} was renewed");
        }
    }

    private long SuccessorBeganNs(int leadership) => _tablesLoaded.Where(loaded => loaded.Key > leadership)
        .Select(loaded => loaded.Value).DefaultIfEmpty(world.Agenda.NowNs).Min();

    /// <summary>An OK is about to be answered: the holder will count on the term.</summary>
    internal void Renewed(SessionKey key, ulong masterEpoch, long receivedTrueNs, uint termMs)
    {
        Counts.Renewed++;
        KnownSession known = Of(key.Epoch); // Granted before it was stored: there is none.
        long promisedUntilNs = receivedTrueNs + ShortestNs(termMs) - RoundingNs;
        known.PromisedUntilNs = Math.Max(known.PromisedUntilNs, promisedUntilNs);
        if (world.Store.Sessions.TryGetValue(key.SessionId, out StoredSession? stored))
        {
            // One who was away may answer late: the next leader has waited for all that he can have promised.
            Require(
                stored.Put.SuspectMs == null || world.Store.LeaderEpoch != masterEpoch, $"epoch {key.Epoch} was renewed while the store calls it suspect");
        }
        else
        {
            // Renewed and closed in one transaction: its holder has stopped. Or the answer comes too late to promise anything.
            Require(known.MayEnd || promisedUntilNs <= world.Agenda.NowNs, $"epoch {key.Epoch} was renewed after its end");
        }
    }

    /// <summary>A process says that it holds nothing of what these nonces have made.</summary>
    internal void Names(IReadOnlyList<ulong> abandoned) => _abandoned.UnionWith(abandoned);

    /// <summary>
    /// A master refuses an identity to somebody who has abandoned these. It may where the store went back: another may have
    /// been given it since.
    /// </summary>
    internal void RefusesIdentity(SessionTable table, string identity, IReadOnlyCollection<ulong> abandoned)
    {
        SessionKey? holder = table.HolderOf(identity)?.Key;
        Require(
            Counts.WentBack > 0 || holder is not { } key || !abandoned.Contains(key.Nonce),
            $"{identity} is refused for epoch {holder?.Epoch}, which the caller has abandoned");
    }

    /// <summary>A leader gives changes to the store. They may come there late, when it has begun all leases anew meanwhile.</summary>
    /// <param name="leadership">Of the leader, as the store counts them.</param>
    /// <param name="changes">As it gives them.</param>
    /// <param name="isInterrupted">Was there an interruption, in which nobody could renew, since it has begun all leases?</param>
    internal void Decides(int leadership, IReadOnlyList<StoreChange> changes, bool isInterrupted)
    {
        foreach (StoreChange.RemoveSession expired in changes.OfType<StoreChange.RemoveSession>())
        {
            Require(
                !isInterrupted || expired.End?.Reason != SessionEndReason.Expired,
                $"epoch {expired.Epoch} expires by what could not be renewed in an interruption");
        }

        foreach (StoreChange.PutSession put in changes.OfType<StoreChange.PutSession>().Where(put => put.SuspectMs != null))
        {
            if (_sessions.TryGetValue(put.Key.Epoch, out KnownSession? known))
            {
                known.MarkDecidedBy = leadership;
            }
        }

        foreach (StoreChange.RemoveSession removal in changes.OfType<StoreChange.RemoveSession>())
        {
            Require(
                removal.End is { } end && (end.SessionId, end.Epoch) == (removal.SessionId, removal.Epoch),
                $"epoch {removal.Epoch} is removed with the record {removal.End}");
            // One that the same changes make is known to nobody yet.
            if (_sessions.TryGetValue(removal.Epoch, out KnownSession? known))
            {
                known.RemovalDecidedNs = world.Agenda.NowNs;
            }
        }
    }

    internal void SessionRemoved(ulong epoch, uint termMs)
    {
        KnownSession known = Of(epoch);
        known.IsRemoved = true;
        known.RemovedBy = world.Store.Leaderships;
        // A leader of an import knows that another may have taken it up since.
        known.MayEnd |= _abandoned.Contains(known.Nonce) || (!_isImported && _givenBack.Contains(known.Nonce));
        if (!known.MayEnd)
        {
            Counts.Expired++;
            Require(
                world.Agenda.NowNs >= known.PromisedUntilNs,
                $"epoch {epoch} expired {(known.PromisedUntilNs - world.Agenda.NowNs) / World.Ms} ms before its term");
            long begunNs = _leasesBegun.GetValueOrDefault(known.RemovedBy, long.MinValue);
            Require(
                known.WasSuspectWhenLeasesBegan || known.RemovalDecidedNs < begunNs ||
                world.Agenda.NowNs >= begunNs + ShortestNs(termMs) - RoundingNs,
                $"epoch {epoch} expired {(world.Agenda.NowNs - begunNs) / World.Ms} ms after all leases have begun");
        }
        else
        {
            Counts.Ended++;
        }

        foreach (SimFollower holder in world.Followers.Where(f => f.WordEpoch == epoch && f.WouldServe))
        {
            Require(
                (holder.IsSuperseded && known.MayEnd) || IsExcused(known), $"P1: {holder.Name} would still serve epoch {epoch} at its end");
        }
    }

    /// <summary>A term by the fastest clock.</summary>
    private long ShortestNs(uint termMs) => termMs * 1_000_000L * 1_000_000 / (1_000_000 + world.Conditions.RateBoundPpm);

    internal void SessionEnded(SessionKey key, SessionEndReason reason)
    {
        KnownSession known = Of(key.Epoch);
        Require(known.IsRemoved, $"SessionEnded of epoch {key.Epoch} ({reason}) before the store has it");
        Require(!known.IsToldEnded, $"SessionEnded of epoch {key.Epoch} ({reason}) for the second time");
        known.IsToldEnded = true;
    }

    internal void IsSound(SessionTable table)
    {
        foreach (string broken in table.BrokenInvariants())
        {
            throw Failure(broken);
        }
    }

    /// <summary>Nothing is in progress: memory and store are one.</summary>
    internal void IsWhatIsStored(SessionTable table)
    {
        if (world.Store.LeaderEpoch != table.MasterEpoch)
        {
            // It was away when the answer came, and another has gone on.
            return;
        }

        HashSet<ulong> held = [.. table.List(0, Limits.MaxSessionsPerPage, "", out _).Select(session => session.Key.SessionId)];
        Require(
            held.SetEquals(world.Store.Sessions.Keys),
            $"the table has {string.Join(' ', held)}, the store has {string.Join(' ', world.Store.Sessions.Keys)}");
        EndsAreStored(table);
        ObjectsAreStored(table);
        DrainsAreStored(table);
    }

    /// <summary>A new leader has read everything that was ever acknowledged.</summary>
    internal void Loaded(SessionTable table)
    {
        IsSound(table);
        if (world.Store.LeaderEpoch != table.MasterEpoch)
        {
            // Deposed while it loaded: it will find out before it acts.
            return;
        }

        ItemsAreLoaded(table);
        ObjectsAreStored(table);
        EndsAreStored(table);
    }
}
