using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Interop.Sessions.Lease;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>The SQLite store on real files.</summary>
public sealed class SqliteSessionStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Everything_committed_is_loaded_again_bit_by_bit()
    {
        StoreChange.PutSession[] sessions =
        [
            Session(ulong.MaxValue, 1, "highest") with { IsRevoked = true, TermMs = uint.MaxValue },
            Session(1, 2, "lowest \u20ac"),
            Session(1UL << 63, 3, "middle"),
        ];
        StoreChange.PutItem[] items =
        [
            new(1, "empty", ReadOnlyMemory<byte>.Empty, 4),
            new(1, "bytes", new byte[] { 0, 255, 0, 128 }, ulong.MaxValue),
            new(ulong.MaxValue, "\U0001F600", new byte[70_000], 6),
        ];
        StoreChange.PutAssignment[] assignments =
        [
            new(AccessPointKind.Nfs, "volume", 1),
            new(AccessPointKind.Iscsi, "volume", ulong.MaxValue),
            new((AccessPointKind)uint.MaxValue, "volume", ulong.MaxValue),
        ];
        StoreChange.PutWrites[] writes =
        [
            new(1, ulong.MaxValue, new WriteLog(ulong.MaxValue, [new WriteAnswer(ulong.MaxValue, ulong.MaxValue)])),
            new(1UL << 63, 5, WriteLog.Empty),
        ];
        ulong revision;
        using (SqliteSessionStore store = Open())
        {
            StoreSnapshot empty = store.Lead(Stored.LeadNow());
            Assert.Equal((0UL, 0U, false), (empty.FormerRevision, empty.LengthenedTermMs, empty.IsRestored));
            Assert.Empty(empty.Sessions());
            revision = empty.Revision + 77;
            store.Commit([.. sessions, .. items, .. assignments, .. writes, new StoreChange.PutState(60_000, true)], revision);
        }

        using SqliteSessionStore again = Open();
        StoreSnapshot loaded = again.Lead(Stored.LeadNow());
        Assert.Equal((revision, 60_000U, true), (loaded.FormerRevision, loaded.LengthenedTermMs, loaded.IsRestored));
        Assert.Equal(writes.Select(DescribeWrites).Order(), loaded.Content.OfType<StoreChange.PutWrites>().Select(DescribeWrites).Order());
        Assert.Equal(sessions, loaded.Sessions());
        Assert.Equal(assignments.Order(ByObject), loaded.Assignments().Order(ByObject));
        Assert.Equal(
            items.OrderBy(item => item.Revision).Select(Describe), loaded.Items().OrderBy(item => item.Revision).Select(Describe));
    }

    [Fact]
    public void Changes_and_removals_replace_what_was_there()
    {
        using (SqliteSessionStore store = Open())
        {
            store.Lead(Stored.LeadNow());
            store.Commit(
                [
                    Session(1, 1, "one"), Session(2, 2, "two"), Item(1, "a"), Item(1, "b"), Item(2, "a"),
                    new StoreChange.PutAssignment(AccessPointKind.Nfs, "x", 1),
                    new StoreChange.PutAssignment(AccessPointKind.Nfs, "y", 2),
                    new StoreChange.PutAssignment(AccessPointKind.Iscsi, "z", 2),
                ],
                2);
            store.Commit(
                [
                    new StoreChange.RemoveSession(1, 1), Session(3, 3, "one"), Session(2, 2, "two") with { IsRevoked = true },
                    new StoreChange.PutItem(2, "a", new byte[] { 9 }, 4), Item(2, "b"), new StoreChange.RemoveItem(2, "b"),
                    new StoreChange.RemoveAssignment(AccessPointKind.Iscsi, "z", 2),
                ],
                4);
        }

        using SqliteSessionStore again = Open();
        StoreSnapshot loaded = again.Lead(Stored.LeadNow());
        Assert.Equal([(2UL, true), (3UL, false)], loaded.Sessions().Select(put => (put.Key.SessionId, put.IsRevoked)));
        StoreChange.PutItem item = Assert.Single(loaded.Items());
        Assert.Equal((2UL, "a", 4UL), (item.SessionId, item.Key, item.Revision));
        Assert.Equal("y", Assert.Single(loaded.Assignments()).ObjectName);
    }

    [Fact]
    public void A_removal_of_another_epoch_removes_nothing()
    {
        using SqliteSessionStore store = Open();
        store.Lead(Stored.LeadNow());
        store.Commit([Session(1, 5, "one"), Item(1, "a"), new StoreChange.PutAssignment(AccessPointKind.Nfs, "x", 1)], 5);
        store.Commit([new StoreChange.RemoveSession(1, 4)], 6);
        StoreSnapshot loaded = store.Lead(Stored.LeadNow());
        Assert.Equal((1, 1, 1), (loaded.Sessions().Count(), loaded.Items().Count(), loaded.Assignments().Count()));
    }

    [Fact]
    public void A_commit_that_fails_in_the_middle_leaves_nothing_behind()
    {
        using SqliteSessionStore store = Open();
        store.Lead(Stored.LeadNow());
        store.Commit([Session(1, 1, "one")], 1);
        // The same identity twice: the table's core never asks for it, so it stands for any failure.
        SessionException failure = Assert.Throws<SessionException>(
            () => store.Commit([Session(2, 2, "two"), Item(2, "a"), Session(3, 3, "one")], 3));
        Assert.Equal(SessionStatus.StoreFailed, failure.Status);
        StoreSnapshot loaded = store.Lead(Stored.LeadNow());
        Assert.Equal((1, 0), (loaded.Sessions().Count(), loaded.Items().Count()));
        store.Commit([Session(2, 2, "two")], 2);
    }

    [Fact]
    public void The_master_epoch_always_grows_whatever_the_wall_clock_says()
    {
        ulong former = 0;
        foreach (long seconds in new[] { 1_000_000L, 1_000_000L, 2_000_000L, 5L })
        {
            using SqliteSessionStore store = Open();
            StoreSnapshot snapshot = store.Lead(new LeadRequest { UnixMs = seconds });
            Assert.True(snapshot.MasterEpoch > former);
            Assert.True(snapshot.MasterEpoch >= EpochFloor.At(seconds));
            former = snapshot.MasterEpoch;
        }
    }

    [Fact]
    public void A_write_is_stored_with_its_item_and_goes_with_its_session()
    {
        using SqliteSessionStore store = Open();
        ulong revision = store.Lead(Stored.LeadNow()).Revision;
        StoreChange.PutWrites second = new(1, 7, new WriteLog(2, [new WriteAnswer(2, revision + 2)]));
        store.Commit(
            [Session(1, revision + 1, "one"), new StoreChange.PutItem(1, "a", default, revision + 2) { Writes = second }],
            revision + 2);
        Assert.Equal(
            DescribeWrites(second), DescribeWrites(Assert.Single(store.Lead(Stored.LeadNow()).Content.OfType<StoreChange.PutWrites>())));
        StoreChange.PutWrites third = second with { Log = new WriteLog(3, [new WriteAnswer(3, revision + 3)]) };
        store.Commit([new StoreChange.RemoveItem(1, "a") { Writes = third }], revision + 3);
        Assert.Equal(
            DescribeWrites(third), DescribeWrites(Assert.Single(store.Lead(Stored.LeadNow()).Content.OfType<StoreChange.PutWrites>())));
        store.Commit([new StoreChange.RemoveSession(1, revision + 1)], revision + 4);
        Assert.Empty(store.Lead(Stored.LeadNow()).Content);
    }

    [Fact]
    public void A_second_opener_is_told_that_the_store_is_locked()
    {
        using (SqliteSessionStore first = Open())
        {
            SessionException refusal = Assert.Throws<SessionException>(() => Open());
            Assert.Equal(SessionStatus.StoreLocked, refusal.Status);
            Assert.Contains(StorePath, refusal.Message, StringComparison.Ordinal);
            first.Lead(Stored.LeadNow());
        }

        Open().Dispose();
    }

    [Fact]
    public void A_full_store_says_so_keeps_what_it_has_and_takes_more_when_there_is_room_again()
    {
        using SqliteSessionStore store = new(StorePath, Limits.MinStoreBytes, create: true);
        store.Lead(Stored.LeadNow());
        store.Commit([Session(1, 1, "one")], 1);
        int kept = 0;
        SessionException? full = null;
        while (full == null)
        {
            full = Record.Exception(() => store.Commit([Item(1, $"key-{kept}", 4000)], 2)) as SessionException;
            kept += full == null ? 1 : 0;
            Assert.True(kept < 1000);
        }

        Assert.Equal(SessionStatus.StoreFull, full.Status);
        Assert.True(new FileInfo(StorePath).Length <= (long)Limits.MinStoreBytes);
        Assert.Equal(kept, store.Lead(Stored.LeadNow()).Items().Count());

        store.Commit([new StoreChange.RemoveItem(1, "key-0"), new StoreChange.RemoveItem(1, "key-1")], 3);
        store.Commit([Item(1, "again", 4000)], 4);
        Assert.Equal(kept - 1, store.Lead(Stored.LeadNow()).Items().Count());
    }

    [Fact]
    public void What_is_no_store_is_refused_untouched()
    {
        File.WriteAllText(StorePath, new string('x', 10_000));
        SessionException refusal = Assert.Throws<SessionException>(() => Open());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("not a database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 10_000), File.ReadAllText(StorePath));
    }

    [Theory]
    [InlineData("missing/sessions.db")]
    [InlineData("")] // the directory itself
    public void A_path_that_can_hold_no_store_is_refused_by_its_name(string name)
    {
        string path = _directory.File(name);
        SessionException refusal = Assert.Throws<SessionException>(() => new SqliteSessionStore(path, 0, create: true));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    private string StorePath => _directory.File("sessions.db");

    private static Comparer<StoreChange.PutAssignment> ByObject =>
        Comparer<StoreChange.PutAssignment>.Create((x, y) => x.Kind.CompareTo(y.Kind));

    private static string DescribeWrites(StoreChange.PutWrites put) =>
        $"{put.SessionId} {put.Nonce} {put.Log.FirstUnfinished}: {string.Join(' ', put.Log.Answers)}";

    private SqliteSessionStore Open() => new(StorePath, 0, create: true);

    private static string Describe(StoreChange.PutItem item) =>
        $"{item.SessionId} {item.Key} {item.Revision} {Convert.ToHexString(item.Value.Span)}";

    private static StoreChange.PutSession Session(ulong id, ulong epoch, string identity) => new(
        new SessionKey(id, epoch, ulong.MaxValue - id),
        new ServerDescription
        {
            Identity = identity,
            HostName = "host",
            ProcessId = uint.MaxValue,
            Capabilities = ulong.MaxValue,
            Endpoints = [new(AccessPointKind.Nfs, "nfs"), new((AccessPointKind)uint.MaxValue, "\u20ac \"own\"")],
        },
        10_000, UInt128.MaxValue - id, IsRevoked: false, SuspectMs: id % 2 == 0 ? 1234u : null);

    private static StoreChange.PutItem Item(ulong sessionId, string key, int bytes = 1) =>
        new(sessionId, key, new byte[bytes], 1);
}
