using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>A session table with a clock that the test sets, and a store that commits at once or fails.</summary>
internal sealed class TestTable
{
    internal const uint TermMs = 10_000;
    internal const uint LongestTermMs = 60_000;
    internal const long StartNs = 1_000_000_000_000;
    internal const long Ms = 1_000_000;

    private ulong _nextId = 1;
    private ulong _nextNonce = 0x1000;

    internal TestTable(SessionTableSettings? settings = null, StoreSnapshot? snapshot = null)
    {
        Table = new SessionTable(
            settings ?? new SessionTableSettings { TermMs = TermMs },
            snapshot ?? Empty(masterEpoch: 1),
            () => _nextId++,
            NowNs);
    }

    internal SessionTable Table { get; }

    internal long NowNs { get; set; } = StartNs;

    internal static StoreSnapshot Empty(ulong masterEpoch) =>
        new() { MasterEpoch = masterEpoch, Revision = 0, FormerRevision = 0, LengthenedTermMs = 0 };

    internal static ServerDescription Server(string identity) => new()
    {
        Identity = identity,
        HostName = "host-of-" + identity,
        ProcessId = 42,
        Capabilities = 0b101,
        Endpoints = [new(AccessPointKind.Nfs, "nfs://" + identity), new(AccessPointKind.Iscsi, "iqn:" + identity)],
    };

    internal void Pass(long ms) => NowNs += ms * Ms;

    /// <summary>A committed session.</summary>
    internal Session Create(string identity, uint termMs = 0) => Create(Server(identity) with { TermMs = termMs });

    /// <summary>A committed session.</summary>
    internal Session Create(ServerDescription description)
    {
        Session session = Table.Create(description, _nextNonce++, NowNs);
        Table.Accept();
        return session;
    }

    /// <summary>Does something durable and commits it.</summary>
    internal T Commit<T>(Func<SessionTable, T> verb)
    {
        T result = verb(Table);
        Table.Accept();
        return result;
    }

    /// <summary>Does something durable and commits it.</summary>
    internal void Commit(Action<SessionTable> verb)
    {
        verb(Table);
        Table.Accept();
    }

    /// <summary>What the store holds of a session.</summary>
    internal static StoreChange.PutSession Stored(Session session) => new(
        session.Key, session.Description, session.TermMs, session.SecretHash, session.IsRevoked, session.SuspectMs)
    {
        RevokeReason = session.RevokeReason,
    };

    /// <summary>A renewal, and what must be durable before its answer.</summary>
    internal SessionStatus Renew(SessionKey key)
    {
        KeepAliveVerdict verdict = Table.KeepAlive(key, NowNs);
        if (verdict.IsSuspect)
        {
            Commit(table => table.ClearSuspect(key));
        }

        return verdict.Status;
    }

    /// <summary>Expires whatever is due and commits it; the ends in order.</summary>
    internal IReadOnlyList<EndedSession> Expire()
    {
        Table.Expire(NowNs, int.MaxValue);
        EndedSession[] ended = [.. Table.Ended];
        Table.Accept();
        return ended;
    }

    /// <summary>A refusal has this status, and it changes nothing.</summary>
    internal SessionException AssertRefused(SessionStatus expected, Action<SessionTable> verb)
    {
        string before = TableDump.Of(Table);
        SessionException refusal = Assert.Throws<SessionException>(() => verb(Table));
        Assert.Equal(expected, refusal.Status);
        Assert.Empty(Table.Changes);
        Assert.Equal(before, TableDump.Of(Table));
        AssertSound();
        return refusal;
    }

    internal void AssertSound() => Assert.Empty(Table.BrokenInvariants());

    /// <summary>What a store that committed the changes of this table would hold, as a successor loads it.</summary>
    internal static StoreSnapshot Replay(IEnumerable<StoreChange> committed, ulong revision, ulong masterEpoch)
    {
        Dictionary<ulong, StoreChange.PutSession> sessions = [];
        Dictionary<(ulong, string), StoreChange.PutItem> items = [];
        Dictionary<(AccessPointKind, string), StoreChange.PutAssignment> assignments = [];
        Dictionary<ulong, StoreChange.PutWrites> writes = [];
        SortedDictionary<ulong, StoreChange.PutEnd> ends = [];
        SortedDictionary<string, StoreChange.PutDrain> drains = [];
        StoreChange.PutState state = new(0, IsRestored: false);
        foreach (StoreChange change in committed.SelectMany(change => change.AsParts()))
        {
            switch (change)
            {
                case StoreChange.PutSession put:
                    sessions[put.Key.SessionId] = put;
                    break;
                case StoreChange.RemoveSession remove:
                    Assert.Equal(remove.Epoch, sessions[remove.SessionId].Key.Epoch);
                    sessions.Remove(remove.SessionId);
                    Assert.Equal((remove.SessionId, remove.Epoch), (remove.End!.SessionId, remove.End.Epoch));
                    ends.Add(remove.End.Revision, new StoreChange.PutEnd(remove.End));
                    RemoveWhere(items, pair => pair.Value.SessionId == remove.SessionId);
                    writes.Remove(remove.SessionId);
                    RemoveWhere(assignments, pair => pair.Value.SessionId == remove.SessionId);
                    break;
                case StoreChange.PutItem put:
                    items[(put.SessionId, put.Key)] = put with { Writes = null };
                    Replay(writes, put.Writes);
                    break;
                case StoreChange.RemoveItem remove:
                    Assert.True(items.Remove((remove.SessionId, remove.Key)));
                    Replay(writes, remove.Writes);
                    break;
                case StoreChange.PutWrites put:
                    Replay(writes, put);
                    break;
                case StoreChange.PutState put:
                    state = put;
                    break;
                case StoreChange.PutAssignment put:
                    assignments.Add((put.Kind, put.ObjectName), put);
                    break;
                case StoreChange.RemoveAssignment remove:
                    Assert.Equal(remove.SessionId, assignments[(remove.Kind, remove.ObjectName)].SessionId);
                    assignments.Remove((remove.Kind, remove.ObjectName));
                    break;
                case StoreChange.RemoveEnd remove:
                    Assert.True(ends.Remove(remove.Revision));
                    break;
                case StoreChange.PutDrain put:
                    drains[put.Drain.Identity] = put;
                    break;
                case StoreChange.RemoveDrain remove:
                    Assert.True(drains.Remove(remove.Identity));
                    break;
                default:
                    Assert.Fail($"unknown change {change}");
                    break;
            }
        }

        return Empty(masterEpoch) with
        {
            Revision = revision,
            FormerRevision = revision,
            LengthenedTermMs = state.LengthenedTermMs,
            IsRestored = state.IsRestored,
            Content =
            [
                .. sessions.Values.OrderBy(put => put.Key.Epoch), .. items.Values, .. assignments.Values, .. writes.Values, .. ends.Values,
                .. drains.Values,
            ],
        };
    }

    private static void Replay(Dictionary<ulong, StoreChange.PutWrites> stored, StoreChange.PutWrites? writes)
    {
        if (writes != null)
        {
            stored[writes.SessionId] = writes;
        }
    }

    private static void RemoveWhere<TKey, TValue>(
        Dictionary<TKey, TValue> map, Func<KeyValuePair<TKey, TValue>, bool> isGone)
        where TKey : notnull
    {
        foreach (TKey key in map.Where(isGone).Select(pair => pair.Key).ToList())
        {
            map.Remove(key);
        }
    }
}
