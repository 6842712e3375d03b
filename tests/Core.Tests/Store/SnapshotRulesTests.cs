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
        { Session(0, "two"), "sessions, row 0000000000000000", "id is 0" },
        { Session(2, "two") with { Key = new SessionKey(2, 0, 1) }, "sessions", "epoch is 0" },
        { Session(2, "two") with { Key = new SessionKey(2, Revision + 1, 1) }, "sessions", "epoch is 101" },
        { Session(2, "two") with { TermMs = Limits.MinTermMs - 1 }, "sessions", "term is 199" },
        { Session(2, "two") with { TermMs = uint.MaxValue }, "sessions", "term is 4294967295" },
        { Session(2, "two") with { SuspectMs = uint.MaxValue }, "sessions", "suspect" },
        { Session(2, "t\0wo"), "sessions", "identity contains a NUL" },
        { Session(2, "two") with { RevokeReason = "a\0" }, "sessions", "revoke reason contains a NUL" },
        { Item(1, "\0"), "items", "key contains a NUL" },
        { Assignment(1, "y\0"), "assignments", "object contains a NUL" },
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
        { End(0), "ends, row 0", "revision is 0" },
        { End(Revision + 1), "ends, row 101", "revision is 101" },
        { End(9), "ends, row 9", "second end" },
        { End(10, end => end with { SessionId = 0 }), "ends, row 10", "session is 0" },
        { End(10, end => end with { Epoch = 11 }), "ends, row 10", "epoch is 11" },
        { End(10, end => end with { Identity = "" }), "ends", "identity has 0 bytes" },
        { End(10, end => end with { HostName = new string('x', 256) }), "ends", "host name" },
        { End(10, end => end with { PeerAddress = new string('x', 65) }), "ends", "peer address has 65 bytes" },
        { End(10, end => end with { Text = new string('x', 256) }), "ends", "text has 256 bytes" },
        { End(10, end => end with { Reason = SessionEndReason.None }), "ends", "reason is 0" },
        { End(10, end => end with { EndedUnixMs = -1 }), "ends", "time of the end" },
        { End(10, end => end with { SilentMs = -1 }), "ends", "silence" },
        { Drain(""), "drains", "identity" },
        { Drain("two", drain => drain with { Reason = new string('r', Limits.MaxReasonBytes + 1) }), "drains", "reason" },
        { Drain("two", drain => drain with { SinceUnixMs = -1 }), "drains, row 'two'", "time since" },
        { Drain("one"), "drains", "second drain" },
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
        Assert.NotNull(rules.FaultOf(Session(2, "two") with { RevokeReason = new string('r', Limits.MaxReasonBytes + 1) }));
        Assert.NotNull(rules.FaultOf(Item(2, "a")));
        // And its identity is free.
        Assert.Null(rules.FaultOf(Session(3, "two")));
    }

    [Theory]
    [InlineData((ulong)long.MaxValue, 1UL << 62, 3_600_000U, null)]
    [InlineData((ulong)long.MaxValue + 1, 0UL, 0U, "master epoch is 9223372036854775808")]
    [InlineData(ulong.MaxValue, 0UL, 0U, "master epoch is 18446744073709551615")]
    [InlineData(0UL, (1UL << 62) + 1, 0U, "revision is 4611686018427387905")]
    [InlineData(0UL, ulong.MaxValue, 0U, "revision is 18446744073709551615")]
    [InlineData(0UL, 0UL, 3_600_001U, "lengthened term is 3600001")]
    public void A_state_has_no_number_from_which_no_master_could_count_on(ulong masterEpoch, ulong revision, uint termMs, string? fault)
    {
        string? found = SnapshotRules.FaultOfState(masterEpoch, revision, termMs);
        Assert.Equal(fault == null, found == null);
        Assert.StartsWith(fault ?? "", found ?? "", StringComparison.Ordinal);
    }

    private static IEnumerable<StoreChange> Sensible => [Session(1, "one"), Item(1, "a"), Assignment(1, "x"), End(9), Drain("one")];

    [Fact]
    public void An_endpoint_of_a_kind_that_only_a_newer_release_knows_stays_with_its_session() =>
        Assert.Null(new SnapshotRules(Revision).FaultOf(Session(1, "one", new Endpoint((AccessPointKind)77, "a"))));

    private static StoreChange.PutSession Session(ulong id, string identity, params ReadOnlySpan<Endpoint> endpoints) => new(
        new SessionKey(id, id, id), new ServerDescription { Identity = identity, Endpoints = [.. endpoints] }, 1000, default,
        IsRevoked: false, SuspectMs: null);

    private static StoreChange.PutItem Item(ulong sessionId, string key) => new(sessionId, key, new byte[] { 1 }, 9);

    private static StoreChange.PutEnd End(ulong revision, Func<SessionEnd, SessionEnd>? change = null)
    {
        SessionEnd end = EndLogTests.End(revision);
        return new StoreChange.PutEnd(change == null ? end : change(end));
    }

    private static StoreChange.PutDrain Drain(string identity, Func<Drain, Drain>? change = null)
    {
        Drain drain = new() { Identity = identity, Reason = "of no account" };
        return new StoreChange.PutDrain(change == null ? drain : change(drain));
    }

    private static StoreChange.PutAssignment Assignment(ulong sessionId, string name) =>
        new(AccessPointKind.Nfs, name, sessionId);
}
