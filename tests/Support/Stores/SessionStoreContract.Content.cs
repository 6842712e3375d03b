using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Tests.Support.Stores;

/// <content>What is stored, and what is read again of it.</content>
public abstract partial class SessionStoreContract
{
    private static readonly AccessPointKind s_highestKind = (AccessPointKind)uint.MaxValue;

    [Fact]
    public void Everything_that_is_committed_is_loaded_again_bit_by_bit()
    {
        StoreChange[] stored =
        [
            Described(ulong.MaxValue, 1, "highest") with { IsRevoked = true, TermMs = uint.MaxValue, RevokeReason = "moved \"away\"" },
            Described(1, 2, "lowest \u20ac") with { SuspectMs = 0 },
            Described(1UL << 63, 3, "two \"quoted\" \u00e9") with { SecretHash = default, SuspectMs = 1234 },
            new StoreChange.PutItem(1, "empty", ReadOnlyMemory<byte>.Empty, 4),
            new StoreChange.PutItem(1, "bytes", new byte[] { 0, 255, 0, 128 }, ulong.MaxValue),
            new StoreChange.PutItem(1, "each", Enumerable.Range(0, 256).Select(value => (byte)value).ToArray(), 5),
            new StoreChange.PutItem(ulong.MaxValue, "\U0001F600/\"key\"", new byte[70_000], 6),
            new StoreChange.PutAssignment(AccessPointKind.Nfs, "volume/with/slashes", 1),
            new StoreChange.PutAssignment(AccessPointKind.Iscsi, "volume/with/slashes", ulong.MaxValue),
            new StoreChange.PutAssignment(s_highestKind, "volume", ulong.MaxValue),
            new StoreChange.PutWrites(
                1, ulong.MaxValue, new WriteLog(ulong.MaxValue, [new WriteAnswer(ulong.MaxValue, ulong.MaxValue), new WriteAnswer(1, 0)])),
            new StoreChange.PutWrites(1UL << 63, 5, WriteLog.Empty),
            new StoreChange.PutEnd(Changes.End(1, ulong.MaxValue, 1, "ended \u20ac")),
            new StoreChange.PutEnd(Changes.End(long.MaxValue, 1, ulong.MaxValue, "two \"quoted\"") with
            {
                HostName = "",
                ProcessId = uint.MaxValue,
                PeerAddress = "",
                Reason = (SessionEndReason)int.MaxValue,
                Text = "",
                EndedUnixMs = 0,
                SilentMs = long.MaxValue,
                IsHeard = false,
                IsGateClosed = true,
            }),
            new StoreChange.PutDrain(new Drain { Identity = "lowest \u20ac", SinceUnixMs = long.MaxValue, MovesObjects = true }),
            new StoreChange.PutDrain(new Drain { Identity = "of/nobody", Reason = "two \"quoted\" \u00e9", RevokesSession = true }),
        ];

        Assert.Equal(stored.Select(Changes.TextOf).Order(StringComparer.Ordinal), TextsOf(Loaded(stored)));
    }

    [Fact]
    public void The_largest_of_all_that_limits_allow_is_kept()
    {
        // Two bytes of UTF-8 each.
        string Longest(int bytes) => (bytes % 2 == 0 ? "" : "x") + new string('\u00e9', bytes / 2);
        StoreChange[] stored =
        [
            new StoreChange.PutSession(
                new SessionKey(1, 1, 1),
                new ServerDescription
                {
                    Identity = Longest(Limits.MaxIdentityBytes),
                    HostName = Longest(Limits.MaxHostNameBytes),
                    ProcessId = uint.MaxValue,
                    Capabilities = ulong.MaxValue,
                    Endpoints = [.. Enumerable.Repeat(new Endpoint(s_highestKind, Longest(Limits.MaxEndpointBytes)), Limits.MaxEndpointsPerServer)],
                },
                Limits.MaxTermMs, new SecretHash(UInt128.MaxValue), IsRevoked: true, SuspectMs: Limits.MaxTermMs)
            {
                RevokeReason = Longest(Limits.MaxReasonBytes),
            },
            new StoreChange.PutItem(
                1, Longest(Limits.MaxItemKeyBytes), Enumerable.Range(0, (int)Limits.MaxItemBytes).Select(i => (byte)(i * 7)).ToArray(), 2),
            new StoreChange.PutAssignment(s_highestKind, Longest(Limits.MaxObjectBytes), 1),
            new StoreChange.PutWrites(1, 1, new WriteLog(
                1, [.. Enumerable.Range(1, Limits.MaxUnfinishedWrites).Select(i => new WriteAnswer((ulong)i, ulong.MaxValue - (ulong)i))])),
            new StoreChange.PutEnd(Changes.End(7, 2, 1, Longest(Limits.MaxIdentityBytes)) with
            {
                HostName = Longest(Limits.MaxHostNameBytes),
                PeerAddress = Longest(Limits.MaxPeerAddressBytes),
                Text = Longest(Limits.MaxReasonBytes),
            }),
            new StoreChange.PutDrain(new Drain { Identity = Longest(Limits.MaxIdentityBytes), Reason = Longest(Limits.MaxReasonBytes) }),
        ];

        Assert.Equal(stored.Select(Changes.TextOf).Order(StringComparer.Ordinal), TextsOf(Loaded(stored)));
    }

    [Fact]
    public void Names_that_differ_in_one_character_are_different_names()
    {
        string[] names =
        [
            "a", "A", "a ", " a", "a/", "/a", "a/b", "a%b", "a_b", "a\\b", "\u00e9", "e\u0301", "a\0b", "a\0c", "a\n", "..", "1", "01",
        ];
        StoreChange[] stored =
        [
            .. names.Select((name, i) => Changes.Session((ulong)i + 1, (ulong)i + 1, name)),
            .. names.Select((name, i) => new StoreChange.PutItem(1, name, new[] { (byte)i }, 1)),
            .. names.Select((name, i) => Changes.Assignment(AccessPointKind.Nfs, name, (ulong)i + 1)),
            .. names.Select(Changes.Drain),
        ];

        Assert.Equal(stored.Select(Changes.TextOf).Order(StringComparer.Ordinal), TextsOf(Loaded(stored)));
    }

    [Fact]
    public void Changes_and_removals_replace_what_was_there_also_within_one_batch()
    {
        IStoreMaster master = Next();
        Lead(master);
        master.Commit(
            [
                Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two"), Changes.Item(1, "a", 1), Changes.Item(1, "b", 1),
                Changes.Item(2, "a", 1), Changes.Assignment(AccessPointKind.Nfs, "x", 1),
                Changes.Assignment(AccessPointKind.Nfs, "y", 2), Changes.Assignment(AccessPointKind.Iscsi, "z", 2),
            ],
            2);
        master.Commit(
            [
                // The same name twice, a put below a removal, a life within a batch.
                Changes.Item(1, "c", 1), new StoreChange.RemoveSession(1, 1), Changes.Session(3, 3, "one"),
                Changes.Session(2, 2, "two"), Changes.Session(2, 2, "two") with { IsRevoked = true },
                new StoreChange.PutItem(2, "a", new byte[] { 9 }, 4), Changes.Item(2, "b", 1), new StoreChange.RemoveItem(2, "b"),
                Changes.Session(4, 4, "four"), Changes.Item(4, "a", 1), new StoreChange.RemoveSession(4, 4),
                new StoreChange.RemoveAssignment(AccessPointKind.Iscsi, "z", 2),
                new StoreChange.RemoveAssignment(AccessPointKind.Nfs, "y", 2), Changes.Assignment(AccessPointKind.Nfs, "y", 2),
            ],
            4);
        master.Leave();

        StoreChange[] expected =
        [
            Changes.Session(2, 2, "two") with { IsRevoked = true }, Changes.Session(3, 3, "one"),
            new StoreChange.PutItem(2, "a", new byte[] { 9 }, 4), Changes.Assignment(AccessPointKind.Nfs, "y", 2),
        ];
        Assert.Equal(expected.Select(Changes.TextOf).Order(StringComparer.Ordinal), TextsOf(Lead(Next())));
    }

    [Fact]
    public void A_session_is_loaded_before_what_belongs_to_it()
    {
        // In another order than they are created.
        static ulong IdOf(int i) => (ulong)i * 0x9E3779B97F4A7C15;
        StoreSnapshot loaded = Loaded(
        [
            .. Enumerable.Range(1, 20).SelectMany(i => new StoreChange[]
            {
                Changes.Session(IdOf(i), (ulong)i, $"server {i}"), Changes.Item(IdOf(i), "a", 1),
                Changes.Assignment(AccessPointKind.Nfs, $"object {i}", IdOf(i)),
            }),
        ]);

        HashSet<string> there = [];
        foreach (StoreChange put in loaded.Content)
        {
            string[] words = Changes.NameOf(put).Split(' ');
            Assert.True(words[0] == "session" ? there.Add(words[1]) : there.Contains(words[1]), $"{Changes.NameOf(put)} comes too early");
        }

        Assert.Equal(20, there.Count);
    }

    [Fact]
    public void A_session_takes_all_that_is_its_own_with_it_and_nothing_of_another()
    {
        IStoreMaster master = Next();
        Lead(master);
        StoreChange.PutWrites[] writes = [.. new ulong[] { 1, 2 }.Select(id => new StoreChange.PutWrites(id, 7, new WriteLog(1, [])))];
        master.Commit(
            [
                Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two"), Changes.Item(1, "a", 3), Changes.Item(2, "a", 3),
                Changes.Assignment(AccessPointKind.Nfs, "x", 1), Changes.Assignment(AccessPointKind.Iscsi, "x", 2), .. writes,
            ],
            3);
        master.Commit([new StoreChange.RemoveSession(1, 1) { Assignments = 1 }], 4);
        master.Leave();

        Assert.Equal(["assignment 2 Iscsi x", "item 2 a", "session 2", "writes 2"], NamesOf(Lead(Next())));
    }

    [Fact]
    public void What_is_kept_of_an_end_is_stored_with_the_removal_and_stays_until_it_is_removed()
    {
        IStoreMaster master = Next();
        Lead(master);
        SessionEnd first = Changes.End(4, 1, 1, "one");
        SessionEnd second = Changes.End(5, 2, 2, "two");
        master.Commit([Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two"), Changes.Item(1, "a", 3)], 3);
        master.Commit([new StoreChange.RemoveSession(1, 1) { End = first }, new StoreChange.RemoveSession(2, 2) { End = second }], 5);
        master.Leave();
        master = Next();
        Assert.Equal([$"{first}", $"{second}"], Lead(master).Content.Select(Changes.TextOf));

        master.Commit(
            [
                Changes.Session(6, 6, "one"), new StoreChange.RemoveSession(6, 6) { End = Changes.End(7, 6, 6, "one") },
                new StoreChange.RemoveEnd(4), new StoreChange.RemoveEnd(3),
            ],
            7);
        master.Leave();

        Assert.Equal(["end 5", "end 7"], NamesOf(Lead(Next())));
    }

    [Fact]
    public void A_drain_stays_when_sessions_of_its_identity_come_and_go_until_it_is_changed_or_removed()
    {
        IStoreMaster master = Next();
        Lead(master);
        master.Commit([Changes.Session(1, 1, "one"), Changes.Drain("one"), Changes.Drain("two"), Changes.Drain("three")], 1);
        master.Commit([new StoreChange.RemoveSession(1, 1), new StoreChange.RemoveDrain("two"), new StoreChange.RemoveDrain("nobody")], 2);
        master.Leave();
        master = Next();
        Assert.Equal(["drain one", "drain three"], NamesOf(Lead(master)));

        StoreChange.PutDrain other = new(new Drain { Identity = "one", Reason = "another", RevokesSession = true });
        master.Commit([other, new StoreChange.RemoveDrain("three"), Changes.Session(3, 3, "three"), Changes.Drain("two"),
            new StoreChange.RemoveDrain("two")], 3);
        master.Leave();

        Assert.Equal([Changes.TextOf(other), Changes.TextOf(Changes.Session(3, 3, "three"))], TextsOf(Lead(Next())));
    }

    [Fact]
    public void An_object_moves_to_another_session_that_lives_beside_its_own()
    {
        IStoreMaster master = Next();
        Lead(master);
        master.Commit(
            [Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two"), Changes.Assignment(AccessPointKind.Nfs, "x", 1)], 2);
        master.Commit(
            [
                new StoreChange.Together(
                    [new StoreChange.RemoveAssignment(AccessPointKind.Nfs, "x", 1), Changes.Assignment(AccessPointKind.Nfs, "x", 2)]),
            ],
            3);
        master.Leave();
        master = Next();
        Assert.Equal(["assignment 2 Nfs x", "session 1", "session 2"], NamesOf(Lead(master)));

        master.Commit([new StoreChange.RemoveSession(1, 1)], 4);
        master.Leave();
        Assert.Equal(["assignment 2 Nfs x", "session 2"], NamesOf(Lead(Next())));
    }

    [Fact]
    public void An_object_is_assigned_anew_in_the_batch_in_which_its_session_ends()
    {
        IStoreMaster master = Next();
        Lead(master);
        master.Commit(
            [Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two"), Changes.Assignment(AccessPointKind.Nfs, "x", 1)], 2);
        master.Commit([new StoreChange.RemoveSession(1, 1) { Assignments = 1 }, Changes.Assignment(AccessPointKind.Nfs, "x", 2)], 3);
        master.Leave();

        Assert.Equal(["assignment 2 Nfs x", "session 2"], NamesOf(Lead(Next())));
    }

    [Fact]
    public void A_release_names_the_session_and_takes_no_assignment_of_another()
    {
        IStoreMaster master = Next();
        Lead(master);
        master.Commit(
            [Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two"), Changes.Assignment(AccessPointKind.Nfs, "x", 2)], 2);
        master.Commit([new StoreChange.RemoveAssignment(AccessPointKind.Nfs, "x", 1)], 3);
        master.Leave();

        Assert.Equal(["assignment 2 Nfs x", "session 1", "session 2"], NamesOf(Lead(Next())));
    }

    [Fact]
    public void A_writes_answer_is_stored_with_the_change_of_its_item_and_its_removal()
    {
        IStoreMaster master = Next();
        ulong revision = Lead(master).Revision;
        StoreChange.PutWrites second = new(1, 7, new WriteLog(2, [new WriteAnswer(2, revision + 2)]));
        master.Commit(
            [Changes.Session(1, revision + 1, "one"), new StoreChange.PutItem(1, "a", default, revision + 2) { Writes = second }],
            revision + 2);
        master.Leave();
        master = Next();
        Assert.Contains(Changes.TextOf(second), TextsOf(Lead(master)));

        StoreChange.PutWrites third = second with { Log = new WriteLog(3, [new WriteAnswer(3, revision + 3)]) };
        master.Commit([new StoreChange.RemoveItem(1, "a") { Writes = third }], revision + 3);
        master.Leave();

        Assert.Equal([Changes.TextOf(Changes.Session(1, revision + 1, "one")), Changes.TextOf(third)], TextsOf(Lead(Next())));
    }

    [Fact]
    public void As_many_and_as_large_changes_as_may_belong_together_are_stored()
    {
        const int Each = (Limits.MaxItemChangesBytes / Limits.MaxItemChanges) - Limits.MaxItemKeyBytes;
        StoreChange[] parts =
        [
            Changes.Session(1, 1, "one"),
            .. Enumerable.Range(0, Limits.MaxItemChanges).Select(i => new StoreChange.PutItem(
                1, $"{i:d2}" + new string('\u00e9', (Limits.MaxItemKeyBytes - 2) / 2), new byte[Each].AsMemory(), 1)),
        ];
        StoreChange.PutWrites writes = new(1, 1, new WriteLog(
            1, [.. Enumerable.Range(1, Limits.MaxUnfinishedWrites).Select(i => new WriteAnswer((ulong)i, 1UL << 52))]));

        StoreSnapshot loaded = Loaded([new StoreChange.Together([.. parts, writes])]);

        Assert.Equal(parts.Append(writes).Select(Changes.TextOf).Order(StringComparer.Ordinal), TextsOf(loaded));
    }

    [Fact]
    public void A_batch_as_large_as_a_queue_makes_is_stored_as_a_whole()
    {
        const int Sessions = Limits.MaxOperationsPerCommit / 2;
        StoreChange[] batch =
        [
            .. Enumerable.Range(1, Sessions).Select(i => Changes.Session((ulong)i, (ulong)i, $"server {i}")),
            .. Enumerable.Range(1, Sessions).Select(i => Changes.Item((ulong)i, "a", 1, bytes: i % 32 == 0 ? (int)Limits.MaxItemBytes : i)),
            .. Enumerable.Range(1, Sessions / 2).Select(i => new StoreChange.RemoveSession((ulong)i, (ulong)i)),
        ];

        StoreSnapshot loaded = Loaded(batch);

        Assert.Equal(
            batch[(Sessions / 2)..Sessions].Concat(batch[(Sessions + (Sessions / 2))..(2 * Sessions)]).Select(Changes.TextOf)
                .Order(StringComparer.Ordinal),
            TextsOf(loaded));
    }

    [Fact]
    public void What_belongs_to_no_session_is_kept_until_it_is_changed()
    {
        IStoreMaster master = Next();
        ulong revision = Lead(master).Revision;
        master.Commit([new StoreChange.PutState(Limits.MaxTermMs, IsRestored: true)], revision);
        master.Leave();
        master = Next();
        StoreSnapshot loaded = Lead(master);
        Assert.Equal((Limits.MaxTermMs, true), (loaded.LengthenedTermMs, loaded.IsRestored));

        master.Commit([Changes.Session(1, loaded.Revision + 1, "one")], loaded.Revision + 1);
        master.Leave();
        master = Next();
        loaded = Lead(master);
        Assert.Equal((Limits.MaxTermMs, true), (loaded.LengthenedTermMs, loaded.IsRestored));

        master.Commit([new StoreChange.PutState(0, IsRestored: false), Changes.Item(1, "a", 1)], loaded.Revision + 1);
        master.Leave();
        loaded = Lead(Next());
        Assert.Equal((0U, false), (loaded.LengthenedTermMs, loaded.IsRestored));
        Assert.Equal(["item 1 a", "session 1"], NamesOf(loaded));
    }

    /// <summary>What the next master finds of a commit.</summary>
    private StoreSnapshot Loaded(IReadOnlyList<StoreChange> batch)
    {
        IStoreMaster master = Next();
        ulong revision = Lead(master).Revision + 77;
        master.Commit(batch, revision);
        master.Leave();
        StoreSnapshot loaded = Lead(Next());
        Assert.Equal(revision, loaded.FormerRevision);
        return loaded;
    }

    private static IEnumerable<string> TextsOf(StoreSnapshot snapshot) =>
        snapshot.Content.Select(Changes.TextOf).Order(StringComparer.Ordinal);

    private static StoreChange.PutSession Described(ulong id, ulong epoch, string identity) => Changes.Session(id, epoch, identity) with
    {
        Description = new ServerDescription
        {
            Identity = identity,
            HostName = "",
            ProcessId = uint.MaxValue,
            Capabilities = ulong.MaxValue,
            Weight = epoch == 1 ? uint.MaxValue : Limits.DefaultWeight,
            Endpoints = [new(AccessPointKind.Nfs, "nfs"), new(s_highestKind, "\u20ac \"own\""), new(AccessPointKind.Nfs, "nfs")],
        },
    };
}
