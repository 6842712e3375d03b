using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Etcdserverpb;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>What only the store of etcd does: transactions that etcd limits, and prefixes.</summary>
public sealed class EtcdSessionStoreTests(OneNode etcd) : IDisposable
{
    private readonly EtcdOptions _options = etcd.NewOptions();
    private readonly List<Contender> _contenders = [];

    public void Dispose() => _contenders.ForEach(contender => contender.Dispose());

    [Fact]
    public void A_batch_beyond_etcds_limits_is_split_and_all_of_it_is_there()
    {
        StoreChange[] batch =
        [
            .. Enumerable.Range(1, 300).Select(i => Changes.Session((ulong)i, (ulong)i, $"server {i}")),
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
                .. Enumerable.Range(2, before).Select(i => Changes.Session((ulong)i, (ulong)i, $"server {i}")),
                new StoreChange.Together(
                    [Changes.Session(1, 1, "one"), .. Enumerable.Range(0, Limits.MaxItemChanges).Select(i => Changes.Item(1, $"{i}", 1))]),
                .. Enumerable.Range(2, before).Select(i => new StoreChange.RemoveSession((ulong)i, (ulong)i)),
            ],
            1000);

        Assert.Single(WrittenAt(leader, 1));
        Assert.Equal(Limits.MaxItemChanges + 1, leader.Count(1));
    }

    [Fact]
    public void A_smaller_etcd_that_refuses_what_belongs_together_has_taken_nothing_of_it_or_of_others()
    {
        using EtcdCluster small = new(1, "--max-txn-ops", "64");
        using Contender leader = new(new EtcdOptions { Endpoints = small.Endpoints, Insecure = Insecure.Loopback });
        leader.Lead();
        leader.Store.Commit([Changes.Session(1, 1, "one")], 1);
        StoreChange.Together together = new([.. Enumerable.Range(0, Limits.MaxItemChanges).Select(i => Changes.Item(1, $"{i}", 1))]);

        foreach (StoreChange[] batch in new StoreChange[][] { [Changes.Item(1, "a", 1), together], [together], [together, Changes.Item(1, "b", 1)] })
        {
            SessionException refusal = Assert.Throws<SessionException>(() => leader.Store.Commit(batch, 2));
            Assert.Equal((SessionStatus.StoreFailed, false), (refusal.Status, refusal.IsOutcomeUnknown));
            Assert.Contains("--max-txn-ops", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(1, leader.Count(1));
        }

        leader.Store.Commit([Changes.Item(1, "a", 1)], 3);
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
                Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two"), Changes.Item(1, "a", 1),
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
        using Contender leader = new(new EtcdOptions { Endpoints = small.Endpoints, Insecure = Insecure.Loopback });
        leader.Lead();
        leader.Store.Commit(
            [
                .. Enumerable.Range(1, 100).Select(i => Changes.Session((ulong)i, (ulong)i, $"server {i}")),
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
        using Contender leader = new(new EtcdOptions { Endpoints = tiny.Endpoints, Insecure = Insecure.Loopback });
        leader.Lead();
        await Eventually.Ends(Task.Run(() => leader.Store.Commit(
            [.. Enumerable.Range(1, 20).Select(i => Changes.Session((ulong)i, (ulong)i, $"server {i}"))], 20)));
        Task removal = Task.Run(() => leader.Store.Commit(
            [new StoreChange.RemoveSession(1, 1) { End = Changes.End(21, 1, 1, "server 1") }], 21));
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
    public void An_etcd_that_was_emptied_gives_out_no_number_twice()
    {
        StoreSnapshot lost;
        using (Contender leader = new(_options))
        {
            lost = leader.Lead();
            leader.Store.Commit([Changes.Session(1, lost.Revision + 1, "one")], lost.Revision + 1);
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
        leader.Store.Commit([Changes.Session(1, 1, "one")], 1);
        using Contender other = new(_options with { Prefix = _options.Prefix + "0" });
        Assert.Empty(other.Lead().Content);
        using Contender below = new(_options with { Prefix = _options.Prefix + "/sub" });
        Assert.Empty(below.Lead().Content);
        below.Store.Commit([Changes.Session(2, 2, "two")], 2);
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

    private static string Short(StoreChange change) => change switch
    {
        StoreChange.PutSession put => $"session {put.Key.SessionId}",
        StoreChange.PutItem put => $"item {put.Key}",
        _ => change.ToString(),
    };
}
