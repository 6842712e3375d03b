using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>What is in a store, as a whole: it can be copied, and a copy be put in its place.</summary>
internal sealed class StoreContent
{
    private readonly Dictionary<ulong, StoredSession> _sessions = [];
    private readonly SortedDictionary<ulong, SessionEnd> _ends = [];
    private readonly Dictionary<string, Drain> _drains = [];
    private ulong _masterEpoch;
    private bool _isRestored;

    internal IReadOnlyDictionary<ulong, StoredSession> Sessions => _sessions;

    /// <summary>What is kept of ends, by their revisions.</summary>
    internal IReadOnlyCollection<SessionEnd> Ends => _ends.Values;

    internal IReadOnlyCollection<Drain> Drains => _drains.Values;

    internal ulong Revision { get; set; }

    internal uint LengthenedTermMs { get; private set; }

    /// <summary>What it has taken last of all that watches are told.</summary>
    internal StoredChange LastChange { get; set; } = new("");

    /// <summary>Who serves an object; null: nobody.</summary>
    internal StoredSession? ServerOf(string objectName) =>
        _sessions.Values.FirstOrDefault(stored => stored.Assignments.Contains((AccessPointKind.Nfs, objectName)));

    /// <summary>As it is now, whatever happens to this one.</summary>
    internal StoreContent Copy()
    {
        StoreContent copy = new()
        {
            _masterEpoch = _masterEpoch,
            LengthenedTermMs = LengthenedTermMs,
            _isRestored = _isRestored,
            Revision = Revision,
            LastChange = LastChange,
        };
        foreach ((ulong id, StoredSession stored) in _sessions)
        {
            copy._sessions.Add(id, stored.Copy());
        }

        foreach ((ulong revision, SessionEnd end) in _ends)
        {
            copy._ends.Add(revision, end);
        }

        foreach ((string identity, Drain drain) in _drains)
        {
            copy._drains.Add(identity, drain);
        }

        return copy;
    }

    /// <summary>What an import makes of an export.</summary>
    internal static StoreContent Import(StoreContent export, LeadRequest request)
    {
        StoreContent imported = export.Copy();
        (imported._masterEpoch, ulong revision) = (request with { MasterEpochAbove = export._masterEpoch }).Count(0, 0, "an import");
        imported.Revision = Math.Max(export.Revision, revision);
        imported._isRestored = true;
        foreach (StoredSession stored in imported._sessions.Values)
        {
            stored.Put = stored.Put with { SuspectMs = null };
        }

        return imported;
    }

    /// <summary>A leadership begins, by the rule of the product for its numbers.</summary>
    internal StoreSnapshot Lead(LeadRequest request)
    {
        ulong formerRevision = Revision;
        (_masterEpoch, Revision) = request.Count(_masterEpoch, formerRevision, "the simulated store");
        return new StoreSnapshot
        {
            MasterEpoch = _masterEpoch,
            Revision = Revision,
            FormerRevision = formerRevision,
            LengthenedTermMs = LengthenedTermMs,
            IsRestored = _isRestored,
            Content =
            [
                .. _sessions.Values.SelectMany(stored => stored.Content()), .. _ends.Values.Select(end => new StoreChange.PutEnd(end)),
                .. _drains.Values.Select(drain => new StoreChange.PutDrain(drain)),
            ],
        };
    }

    internal void Apply(StoreChange change, World world)
    {
        switch (change)
        {
            case StoreChange.PutSession put when _sessions.TryGetValue(put.Key.SessionId, out StoredSession? stored):
                Require(put.Key.SessionId, put.Key.Epoch, world);
                if (stored.Put.Key != put.Key)
                {
                    world.Witness.Reattached(put.Key);
                }

                if (put.SuspectMs != stored.Put.SuspectMs)
                {
                    world.Witness.Marked(put.Key.Epoch, put.SuspectMs != null);
                    world.Note($"the store has {put.Description.Identity} epoch {put.Key.Epoch} suspect {put.SuspectMs}");
                }

                stored.Put = put;
                if (put.IsRevoked)
                {
                    world.Witness.Revoked(put.Key.Epoch, _drains.GetValueOrDefault(put.Description.Identity));
                }

                break;
            case StoreChange.PutSession put:
                world.Witness.MayBegin(put.Description.Identity, _drains.GetValueOrDefault(put.Description.Identity));
                _sessions.Add(put.Key.SessionId, new StoredSession(put));
                world.Note($"the store has {put.Description.Identity} epoch {put.Key.Epoch}");
                world.Witness.SessionStored(put);
                break;
            case StoreChange.RemoveSession remove:
                Require(remove.SessionId, remove.Epoch, world);
                _sessions.Remove(remove.SessionId, out StoredSession? removed);
                foreach ((_, string objectName) in removed!.Assignments)
                {
                    world.Witness.ObjectLeft(objectName);
                }

                if (remove.End is { } end)
                {
                    Keep(end, world);
                    world.Witness.EndKept(end);
                }

                world.Witness.SessionRemoved(remove.Epoch, removed.Put.TermMs);
                break;
            case StoreChange.PutItem put:
                Of(put.SessionId, world).Items[put.Key] = put with { Writes = null };
                Note(put.Writes, world);
                break;
            case StoreChange.RemoveItem remove:
                Of(remove.SessionId, world).Items.Remove(remove.Key);
                Note(remove.Writes, world);
                break;
            case StoreChange.PutWrites put:
                Note(put, world);
                break;
            case StoreChange.PutState state:
                LengthenedTermMs = state.LengthenedTermMs;
                _isRestored = state.IsRestored;
                world.Note($"the store has a lengthened term of {state.LengthenedTermMs} ms");
                break;
            case StoreChange.PutAssignment put:
                Assign(put, world);
                break;
            case StoreChange.RemoveAssignment remove:
                if (_sessions.GetValueOrDefault(remove.SessionId) is { } server && server.Assignments.Remove((remove.Kind, remove.ObjectName)))
                {
                    world.Witness.ObjectTaken(remove.ObjectName, _drains.GetValueOrDefault(server.Put.Description.Identity));
                }

                break;
            case StoreChange.PutEnd put:
                Keep(put.End, world);
                break;
            case StoreChange.RemoveEnd remove:
                _ends.Remove(remove.Revision);
                break;
            case StoreChange.PutDrain put:
                _drains[put.Drain.Identity] = put.Drain;
                world.Witness.Counts.Drained++;
                world.Note($"the store has {put.Drain.Identity} drained");
                break;
            case StoreChange.RemoveDrain remove:
                _drains.Remove(remove.Identity);
                world.Note($"the store has {remove.Identity} undrained");
                break;
            default:
                throw new InvalidOperationException($"the simulated store does not know {change}");
        }
    }

    /// <summary>One for each end; that the change which removes a session has it, the witness sees when it is decided.</summary>
    private void Keep(SessionEnd end, World world)
    {
        if (_ends.Values.Any(kept => kept.Epoch == end.Epoch) || !_ends.TryAdd(end.Revision, end))
        {
            throw world.Witness.Failure($"an end of epoch {end.Epoch} at revision {end.Revision} is there already");
        }
    }

    private void Note(StoreChange.PutWrites? writes, World world)
    {
        if (writes != null)
        {
            Of(writes.SessionId, world).Writes = writes;
        }
    }

    private void Assign(StoreChange.PutAssignment put, World world)
    {
        foreach (StoredSession former in _sessions.Values)
        {
            former.Assignments.Remove((put.Kind, put.ObjectName));
        }

        StoredSession server = Of(put.SessionId, world);
        string identity = server.Put.Description.Identity;
        world.Witness.MayBeAssigned(put.ObjectName, identity, _drains.GetValueOrDefault(identity));
        server.Assignments.Add((put.Kind, put.ObjectName));
        world.Witness.ObjectAssigned(put.ObjectName, server.Put.Key.Epoch);
    }

    private void Require(ulong sessionId, ulong epoch, World world)
    {
        if (Of(sessionId, world).Put.Key.Epoch != epoch)
        {
            throw world.Witness.Failure($"session {sessionId} of epoch {epoch} is to be changed, and the store has another epoch");
        }
    }

    private StoredSession Of(ulong sessionId, World world) =>
        _sessions.GetValueOrDefault(sessionId) ??
        throw world.Witness.Failure($"session {sessionId} is to be changed, and the store has none");
}

/// <summary>A session as the store has it.</summary>
internal sealed class StoredSession(StoreChange.PutSession put)
{
    internal StoreChange.PutSession Put { get; set; } = put;

    internal Dictionary<string, StoreChange.PutItem> Items { get; private init; } = [];

    internal HashSet<(AccessPointKind Kind, string ObjectName)> Assignments { get; private init; } = [];

    internal StoreChange.PutWrites? Writes { get; set; }

    internal StoredSession Copy() => new(Put)
    {
        Items = new Dictionary<string, StoreChange.PutItem>(Items),
        Assignments = [.. Assignments],
        Writes = Writes,
    };

    internal IEnumerable<StoreChange> Content()
    {
        yield return Put;
        foreach (StoreChange.PutItem item in Items.Values)
        {
            yield return item;
        }

        foreach ((AccessPointKind kind, string objectName) in Assignments)
        {
            yield return new StoreChange.PutAssignment(kind, objectName, Put.Key.SessionId);
        }

        if (Writes != null)
        {
            yield return Writes;
        }
    }
}
