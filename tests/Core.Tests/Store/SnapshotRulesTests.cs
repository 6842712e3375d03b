using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Rows that no table could have written.</summary>
public sealed class SnapshotRulesTests
{
    private const ulong Revision = 100;

    public static TheoryData<StoreChange, string, string> Senseless => new()
    {
        { Session(2, "two") with { Description = new ServerDescription { Identity = "" } }, "sessions, row 0000000000000002", "identity" },
        { Session(2, null!), "sessions", "identity is null" },
        { Item(1, null!), "items", "key is null" },
        { Assignment(1, null!), "assignments", "object is null" },
        { Session(2, new string('x', Limits.MaxIdentityBytes + 1)), "sessions", "identity has 129 bytes" },
        { Session(2, "two") with { Description = new ServerDescription { Identity = "two", HostName = new string('x', 256) } }, "sessions", "host name" },
        { Session(2, "two", new Endpoint(AccessPointKind.Nfs, new string('x', 257))), "sessions", "endpoint 0 has 257 bytes" },
        { Session(2, "two", new Endpoint(AccessPointKind.Nfs, "")), "sessions", "endpoint 0 has 0 bytes" },
        { Session(2, "two", new Endpoint(AccessPointKind.Nfs, "a"), new Endpoint(0, "b")), "sessions", "endpoint 1 is of kind 0" },
        { Session(2, "two", [.. Enumerable.Repeat(new Endpoint(AccessPointKind.Nfs, "a"), 17)]), "sessions", "17 endpoints; at most 16" },
        { Session(2, "two") with { Key = new SessionKey(2, 0, 1) }, "sessions", "epoch is 0" },
        { Session(2, "two") with { Key = new SessionKey(2, Revision + 1, 1) }, "sessions", "epoch is 101" },
        { Session(2, "two") with { TermMs = Limits.MinTermMs - 1 }, "sessions", "term is 199" },
        { Session(2, "two") with { TermMs = uint.MaxValue }, "sessions", "term is 4294967295" },
        { Session(2, "two") with { SuspectMs = uint.MaxValue }, "sessions", "suspect" },
        { Session(1, "another"), "sessions, row 0000000000000001", "second session of this id" },
        { Session(2, "one"), "sessions, row 0000000000000002", "second session of identity 'one'" },
        { Item(1, ""), "items", "key has 0 bytes" },
        { Item(1, new string('k', Limits.MaxItemKeyBytes + 1)), "items", "key" },
        { Item(1, "b") with { Value = new byte[Limits.MaxItemBytes + 1] }, "items, row 0000000000000001 'b'", "value" },
        { Item(1, "b") with { Revision = 0 }, "items", "revision is 0" },
        { Item(1, "b") with { Revision = Revision + 1 }, "items", "revision is 101" },
        { Item(7, "b"), "items, row 0000000000000007 'b'", "session 0000000000000007 is not there" },
        { Item(1, "a"), "items", "second item" },
        { Assignment(7, "y"), "assignments, row Nfs 'y'", "session 0000000000000007 is not there" },
        { Assignment(1, "x"), "assignments", "second access point" },
        { Assignment(1, ""), "assignments", "object" },
        { Assignment(1, "y") with { Kind = (AccessPointKind)77 }, "assignments", "access point 77" },
        { Assignment(1, "y") with { Kind = 0 }, "assignments", "access point 0" },
        { new StoreChange.RemoveItem(1, "a"), "puts only", "RemoveItem" },
    };

    [Theory]
    [MemberData(nameof(Senseless))]
    public void A_row_that_makes_no_sense_is_named_with_its_table_and_what_is_wrong(
        StoreChange row, string named, string fault)
    {
        SnapshotRules rules = new(Revision);
        Assert.All(Sensible, sensible => Assert.Null(rules.FaultOf(sensible)));
        string? found = rules.FaultOf(row);
        Assert.Contains(named, found, StringComparison.Ordinal);
        Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Senseless))]
    public void A_table_refuses_to_load_it(StoreChange row, string named, string fault)
    {
        StoreSnapshot snapshot = TestTable.Empty(masterEpoch: 1) with { Revision = Revision, Content = [.. Sensible, row] };
        SessionException refusal = Assert.Throws<SessionException>(() => new TestTable(snapshot: snapshot));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_belongs_to_a_senseless_session_makes_no_sense_either()
    {
        SnapshotRules rules = new(Revision);
        Assert.NotNull(rules.FaultOf(Session(2, "two") with { TermMs = 0 }));
        Assert.NotNull(rules.FaultOf(Item(2, "a")));
        Assert.NotNull(rules.FaultOf(Assignment(2, "x")));
        // And its identity is free.
        Assert.Null(rules.FaultOf(Session(3, "two")));
    }

    private static IEnumerable<StoreChange> Sensible => [Session(1, "one"), Item(1, "a"), Assignment(1, "x")];

    [Fact]
    public void An_endpoint_of_a_kind_that_only_a_newer_release_knows_stays_with_its_session() =>
        Assert.Null(new SnapshotRules(Revision).FaultOf(Session(1, "one", new Endpoint((AccessPointKind)77, "a"))));

    private static StoreChange.PutSession Session(ulong id, string identity, params ReadOnlySpan<Endpoint> endpoints) => new(
        new SessionKey(id, id, id), new ServerDescription { Identity = identity, Endpoints = [.. endpoints] }, 1000, 5,
        IsRevoked: false, SuspectMs: null);

    private static StoreChange.PutItem Item(ulong sessionId, string key) => new(sessionId, key, new byte[] { 1 }, 9);

    private static StoreChange.PutAssignment Assignment(ulong sessionId, string name) =>
        new(AccessPointKind.Nfs, name, sessionId);
}
