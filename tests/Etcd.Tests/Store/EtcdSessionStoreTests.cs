using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Etcdserverpb;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Lease;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>What etcd is given comes back, as a whole or not at all, and from the leader only.</summary>
public sealed class EtcdSessionStoreTests(OneNode etcd) : IDisposable
{
    private readonly EtcdOptions _options = etcd.NewOptions();
    private readonly List<Contender> _contenders = [];

    public void Dispose() => _contenders.ForEach(contender => contender.Dispose());

    [Fact]
    public void Everything_that_is_stored_is_loaded_again()
    {
        StoreChange[] stored =
        [
            Session(1, 1, "one") with { SuspectMs = 0 },
            new StoreChange.PutAssignment(AccessPointKind.Nfs, "volume/with/slashes", 1),
            new StoreChange.PutItem(1, "empty", ReadOnlyMemory<byte>.Empty, 4),
            new StoreChange.PutItem(1, "\U0001F600/\"key\"", new byte[] { 0, 255, 0, 128 }, ulong.MaxValue),
            Session(ulong.MaxValue, 1UL << 50, "two \"quoted\" \u00e9") with { IsRevoked = true, Secret = UInt128.MaxValue },
            new StoreChange.PutAssignment(AccessPointKind.Iscsi, "volume", ulong.MaxValue),
        ];
        ulong revision;
        using (Contender first = new(_options))
        {
            StoreSnapshot empty = first.Lead();
            Assert.Equal((0UL, 0U, false), (empty.FormerRevision, empty.LengthenedTermMs, empty.IsRestored));
            Assert.Empty(empty.Content);
            first.Store.Commit([.. stored, new StoreChange.PutState(60_000, IsRestored: true)], empty.Revision + 77);
            revision = empty.Revision + 77;
        }

        StoreSnapshot loaded = Next().Lead();
        Assert.Equal((revision, 60_000U, true), (loaded.FormerRevision, loaded.LengthenedTermMs, loaded.IsRestored));
        Assert.Equal(stored.Select(Describe).Order(), loaded.Content.Select(Describe).Order());
    }

    [Fact]
    public void Changes_and_removals_replace_what_was_there_also_within_one_batch()
    {
        using (Contender first = new(_options))
        {
            first.Lead();
            first.Store.Commit(
                [
                    Session(1, 1, "one"), Session(2, 2, "two"), Item(1, "a"), Item(1, "b"), Item(2, "a"),
                    new StoreChange.PutAssignment(AccessPointKind.Nfs, "x", 1),
                    new StoreChange.PutAssignment(AccessPointKind.Nfs, "y", 2),
                    new StoreChange.PutAssignment(AccessPointKind.Iscsi, "z", 2),
                ],
                2);
            first.Store.Commit(
                [
                    // The same key twice, a put below a removal, a life within a batch: etcd takes none of them as they are.
                    Item(1, "c"), new StoreChange.RemoveSession(1, 1), Session(3, 3, "one"),
                    Session(2, 2, "two"), Session(2, 2, "two") with { IsRevoked = true },
                    new StoreChange.PutItem(2, "a", new byte[] { 9 }, 4), Item(2, "b"), new StoreChange.RemoveItem(2, "b"),
                    Session(4, 4, "four"), Item(4, "a"), new StoreChange.RemoveSession(4, 4),
                    new StoreChange.RemoveAssignment(AccessPointKind.Iscsi, "z", 2),
                    new StoreChange.RemoveAssignment(AccessPointKind.Nfs, "y", 2),
                    new StoreChange.PutAssignment(AccessPointKind.Nfs, "y", 2),
                ],
                4);
        }

        StoreSnapshot loaded = Next().Lead();
        StoreChange[] content = [.. loaded.Content];
        Assert.Equal(
            [(2UL, true), (3UL, false)], content.OfType<StoreChange.PutSession>().Select(put => (put.Key.SessionId, put.IsRevoked)));
        StoreChange.PutItem item = Assert.Single(content.OfType<StoreChange.PutItem>());
        Assert.Equal((2UL, "a", 4UL), (item.SessionId, item.Key, item.Revision));
        Assert.Equal("y", Assert.Single(content.OfType<StoreChange.PutAssignment>()).ObjectName);
    }

    [Fact]
    public void A_removal_compares_the_epoch_and_takes_nothing_of_another()
    {
        Contender leader = Next();
        leader.Lead();
        leader.Store.Commit([Session(1, 5, "one"), Item(1, "a")], 5);
        SessionException refusal = Assert.Throws<SessionException>(
            () => leader.Store.Commit([Item(1, "b"), new StoreChange.RemoveSession(1, 4)], 6));
        Assert.Equal(SessionStatus.NotLeader, refusal.Status);
        leader.Leadership.GiveUp();
        Assert.Equal(["session 1", "item a"], Next().Lead().Content.Select(Short));
    }

    [Fact]
    public void A_batch_beyond_etcds_limits_is_split_and_all_of_it_is_there()
    {
        StoreChange[] batch =
        [
            .. Enumerable.Range(1, 300).Select(i => Session((ulong)i, (ulong)i, $"server {i}")),
            .. Enumerable.Range(1, 5).Select(i => new StoreChange.PutItem((ulong)i, "large", new byte[1024 * 1024], 1)),
            .. Enumerable.Range(1, 200).Select(i => new StoreChange.RemoveSession((ulong)i, (ulong)i)),
            .. Enumerable.Range(201, 5).Select(i => new StoreChange.PutItem((ulong)i, "large", new byte[1024 * 1024], 1)),
        ];
        Contender leader = Next();
        leader.Lead();
        leader.Store.Commit(batch, 300);
        leader.Leadership.GiveUp();
        StoreChange[] content = [.. Next().Lead().Content];
        Assert.Equal(100, content.OfType<StoreChange.PutSession>().Count());
        Assert.Equal(
            [201UL, 202UL, 203UL, 204UL, 205UL], content.OfType<StoreChange.PutItem>().Select(put => put.SessionId).Order());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(40)]
    public void What_belongs_together_is_never_divided(int before)
    {
        Contender leader = Next();
        leader.Lead();
        leader.Store.Commit(
            [
                .. Enumerable.Range(2, before).Select(i => Session((ulong)i, (ulong)i, $"server {i}")),
                new StoreChange.Together([Session(1, 1, "one"), .. Enumerable.Range(0, Limits.MaxItemChanges).Select(i => Item(1, $"{i}"))]),
                .. Enumerable.Range(2, before).Select(i => new StoreChange.RemoveSession((ulong)i, (ulong)i)),
            ],
            1000);

        Assert.Single(WrittenAt(leader, 1));
        Assert.Equal(Limits.MaxItemChanges + 1, leader.Count(1));
    }

    [Fact]
    public void As_many_and_as_large_as_may_belong_together_fit_in_a_request()
    {
        Contender leader = Next();
        leader.Lead();
        leader.Store.Commit([Session(1, 1, "one")], 1);
        const int Each = (Limits.MaxItemChangesBytes / Limits.MaxItemChanges) - Limits.MaxItemKeyBytes;
        WriteAnswer[] answers = [.. Enumerable.Range(1, Limits.MaxUnfinishedWrites).Select(i => new WriteAnswer((ulong)i, 1UL << 52))];
        leader.Store.Commit(
            [
                new StoreChange.Together(
                [
                    .. Enumerable.Range(0, Limits.MaxItemChanges).Select(i => new StoreChange.PutItem(
                        1, $"{i:d2}" + new string('\u00e9', (Limits.MaxItemKeyBytes - 2) / 2), new byte[Each].AsMemory(), 2)),
                    new StoreChange.PutWrites(1, 1, new WriteLog(1, [.. answers])),
                ]),
            ],
            2);

        Assert.Equal(Limits.MaxItemChanges + 2, leader.Count(1));
    }

    [Fact]
    public void A_smaller_etcd_that_refuses_what_belongs_together_has_taken_nothing_of_it_or_of_others()
    {
        using EtcdCluster small = new(1, "--max-txn-ops", "64");
        using Contender leader = new(new EtcdOptions { Endpoints = small.Endpoints });
        leader.Lead();
        leader.Store.Commit([Session(1, 1, "one")], 1);
        StoreChange.Together together = new([.. Enumerable.Range(0, Limits.MaxItemChanges).Select(i => Item(1, $"{i}"))]);

        foreach (StoreChange[] batch in new StoreChange[][] { [Item(1, "a"), together], [together], [together, Item(1, "b")] })
        {
            SessionException refusal = Assert.Throws<SessionException>(() => leader.Store.Commit(batch, 2));
            Assert.Equal((SessionStatus.StoreFailed, false), (refusal.Status, refusal.IsOutcomeUnknown));
            Assert.Contains("--max-txn-ops", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(1, leader.Count(1));
        }

        leader.Store.Commit([Item(1, "a")], 3);
        Assert.Equal(2, leader.Count(1));
    }

    [Fact]
    public void The_end_of_a_session_with_many_assignments_takes_several_transactions_and_leaves_nothing()
    {
        const int Many = (2 * Limits.EtcdAssignmentsPerTransaction) + 1;
        Contender leader = Next();
        leader.Lead();
        leader.Store.Commit(
            [
                Session(1, 1, "one"), Session(2, 2, "two"), Item(1, "a"),
                .. Enumerable.Range(0, Many).Select(i => new StoreChange.PutAssignment(AccessPointKind.Nfs, $"o{i}", 1)),
                new StoreChange.PutAssignment(AccessPointKind.Nfs, "other", 2),
            ],
            2);

        SessionException refusal = Assert.Throws<SessionException>(
            () => leader.Store.Commit([new StoreChange.RemoveSession(1, 9) { Assignments = Many }], 3));
        Assert.Equal(SessionStatus.NotLeader, refusal.Status);
        leader.Leadership.GiveUp();
        Contender next = Next();
        Assert.Equal(Many + 4, next.Lead().Content.Count());

        ulong before = TransactionsOf(next);
        next.Store.Commit([new StoreChange.RemoveSession(1, 1) { Assignments = Many }], 3);
        Assert.Equal(3UL, TransactionsOf(next) - before);
        next.Leadership.GiveUp();
        Assert.Equal(2, Next().Lead().Content.Count());
    }

    [Fact]
    public void A_smaller_etcd_is_found_out_and_obeyed()
    {
        using EtcdCluster small = new(1, "--max-txn-ops", "16", "--max-request-bytes", "65536");
        using Contender leader = new(new EtcdOptions { Endpoints = small.Endpoints });
        leader.Lead();
        leader.Store.Commit(
            [
                .. Enumerable.Range(1, 100).Select(i => Session((ulong)i, (ulong)i, $"server {i}")),
                .. Enumerable.Range(1, 20).Select(i => new StoreChange.PutItem((ulong)i, "item", new byte[20_000], 1)),
            ],
            100);
        Assert.Equal(120, new EtcdReader(leader.Connection, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance)
            .Read(0, default).Count());
        SessionException refusal = Assert.Throws<SessionException>(
            () => leader.Store.Commit([new StoreChange.PutItem(1, "item", new byte[200_000], 1)], 101));
        Assert.Equal((SessionStatus.StoreFailed, false), (refusal.Status, refusal.IsOutcomeUnknown));
        Assert.Contains("max-request-bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    public async Task An_etcd_that_takes_next_to_nothing_is_obeyed_or_named_and_nothing_hangs(int operations)
    {
        using EtcdCluster tiny = new(1, "--max-txn-ops", $"{operations}");
        using Contender leader = new(new EtcdOptions { Endpoints = tiny.Endpoints });
        leader.Lead();
        await Eventually.Ends(Task.Run(() => leader.Store.Commit(
            [.. Enumerable.Range(1, 20).Select(i => Session((ulong)i, (ulong)i, $"server {i}"))], 20)));
        Task removal = Task.Run(() => leader.Store.Commit([new StoreChange.RemoveSession(1, 1)], 21));
        if (operations >= Limits.EtcdLeastOperations)
        {
            await Eventually.Ends(removal);
            return;
        }

        SessionException refusal = await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(removal));
        Assert.False(refusal.IsOutcomeUnknown);
        Assert.Contains("--max-txn-ops", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deposed_leaders_late_write_changes_nothing()
    {
        Contender deposed = Next();
        deposed.Lead();
        deposed.Store.Commit([Session(1, 1, "one")], 1);
        deposed.Leadership.GiveUp();
        Contender leader = Next();
        leader.Lead();
        SessionException refusal = Assert.Throws<SessionException>(
            () => deposed.Store.Commit([new StoreChange.RemoveSession(1, 1)], 2));
        Assert.Equal((SessionStatus.NotLeader, false), (refusal.Status, refusal.IsOutcomeUnknown));
        leader.Store.Commit([Item(1, "a")], 2);
        leader.Leadership.GiveUp();
        Assert.Equal(["session 1", "item a"], Next().Lead().Content.Select(Short));
    }

    [Fact]
    public void The_master_epoch_always_grows_whatever_the_wall_clock_says()
    {
        ulong former = 0;
        foreach (long seconds in new[] { 1_000_000L, 1_000_000L, 2_000_000L, 5L })
        {
            using Contender leader = new(_options);
            StoreSnapshot snapshot = leader.Lead(new LeadRequest { UnixMs = seconds });
            Assert.True(snapshot.MasterEpoch > former);
            Assert.True(snapshot.MasterEpoch >= EpochFloor.At(seconds));
            former = snapshot.MasterEpoch;
        }
    }

    [Fact]
    public void An_etcd_that_was_emptied_gives_out_no_number_twice()
    {
        StoreSnapshot lost;
        using (Contender leader = new(_options))
        {
            lost = leader.Lead();
            leader.Store.Commit([Session(1, lost.Revision + 1, "one")], lost.Revision + 1);
        }

        using (Contender operation = new(_options))
        {
            operation.DeleteAll();
        }

        StoreSnapshot next = Next().Lead(Stored.LeadNow() with { UnixMs = Stored.LeadNow().UnixMs + 2 });

        Assert.Empty(next.Content);
        Assert.True(next.Revision > lost.Revision + 1);
        Assert.True(next.MasterEpoch > lost.MasterEpoch);
    }

    [Fact]
    public void Clusters_share_an_etcd_by_their_prefixes()
    {
        Contender leader = Next();
        leader.Lead();
        leader.Store.Commit([Session(1, 1, "one")], 1);
        using Contender other = new(_options with { Prefix = _options.Prefix + "0" });
        Assert.Empty(other.Lead().Content);
        using Contender below = new(_options with { Prefix = _options.Prefix + "/sub" });
        Assert.Empty(below.Lead().Content);
        below.Store.Commit([Session(2, 2, "two")], 2);
        leader.Leadership.GiveUp();
        Assert.Equal(["session 1"], Next().Lead().Content.Select(Short));
    }

    private Contender Next()
    {
        Contender contender = new(_options);
        _contenders.Add(contender);
        return contender;
    }

    /// <summary>At which of etcd's revisions the keys of a session were written.</summary>
    private static IEnumerable<long> WrittenAt(Contender contender, ulong sessionId) =>
        contender.Folder(sessionId).Select(found => found.ModRevision).Distinct();

    private static ulong TransactionsOf(Contender contender) => EtcdSessionStore.StateOf(
        contender.Connection.Ask(
            (client, headers, cancellation) => client.Get(
                new RangeRequest { Key = contender.Connection.Keys.State }, headers, null, cancellation),
            Limits.EtcdRequestMs, default).Kvs[0].Value,
        contender.Connection.Keys).Transactions;

    private static StoreChange.PutSession Session(ulong id, ulong epoch, string identity) => new(
        new SessionKey(id, epoch, ulong.MaxValue),
        new ServerDescription
        {
            Identity = identity,
            HostName = "host",
            ProcessId = uint.MaxValue,
            Capabilities = ulong.MaxValue,
            Endpoints = [new(AccessPointKind.Nfs, "nfs"), new((AccessPointKind)uint.MaxValue, "\u20ac \"own\"")],
        },
        1500,
        5,
        IsRevoked: false,
        SuspectMs: null);

    private static StoreChange.PutItem Item(ulong sessionId, string key) => new(sessionId, key, new byte[] { 1 }, 1);

    private static string Describe(StoreChange change) => change is StoreChange.PutItem item
        ? $"{item.SessionId} {item.Key} {Convert.ToHexString(item.Value.Span)} {item.Revision}"
        : change.ToString();

    private static string Short(StoreChange change) => change switch
    {
        StoreChange.PutSession put => $"session {put.Key.SessionId}",
        StoreChange.PutItem put => $"item {put.Key}",
        _ => change.ToString(),
    };
}
