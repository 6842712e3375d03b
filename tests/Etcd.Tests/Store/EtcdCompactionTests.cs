using System;
using System.Threading.Tasks;
using Etcdserverpb;
using Grpc.Core;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>What a leader's renewals leave in etcd does not grow for ever.</summary>
public sealed class EtcdCompactionTests : IDisposable
{
    private const long MinuteNs = 60_000_000_000;
    private readonly EtcdCluster _etcd = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _etcd.Dispose();

    [Fact]
    public async Task A_leader_compacts_what_is_older_than_an_interval_and_keeps_what_is_younger()
    {
        using Contender leader = new(Options(), logger: _log);
        leader.Lead();
        EtcdCompaction compaction = leader.Leadership.Compaction;
        await Eventually.IsTrueAsync(() => compaction.Noted > 0, "told of a renewal");
        long old = compaction.Noted;
        long young = CurrentRevision(leader.Connection);
        await Eventually.IsTrueAsync(() => CurrentRevision(leader.Connection) > young, "renewed again");
        Assert.Null(Record.Exception(() => ReadAt(leader.Connection, old - 1)));

        // The clock of an hour later; the next renewal, which has the real clock, adds nothing.
        compaction.Note(BootClock.NowNs + (60 * MinuteNs), CurrentRevision(leader.Connection));
        await Eventually.Ends(compaction.Latest);

        SessionException failure = Assert.Throws<SessionException>(() => ReadAt(leader.Connection, old - 1));
        Assert.Equal(EtcdFailure.Compacted, EtcdFailures.Of(Assert.IsType<RpcException>(failure.InnerException)));
        Assert.Null(Record.Exception(() => ReadAt(leader.Connection, old)));
        Assert.Null(Record.Exception(() => ReadAt(leader.Connection, young)));
        Assert.Single(_log.Of(1043));
    }

    [Fact]
    public async Task It_compacts_once_an_interval_and_not_at_all_if_told_so()
    {
        using EtcdConnection connection = new(Options());
        EtcdCompaction compaction = new(connection, 60, _log);
        EtcdCompaction never = new(connection, 0, _log);
        for (int minute = 0; minute <= 150; minute++)
        {
            long revision = Put(connection);
            compaction.Note(minute * MinuteNs, revision);
            never.Note(minute * MinuteNs, revision);
            await Eventually.Ends(compaction.Latest);
        }

        Assert.Equal(2, _log.Of(1043).Count);
        Assert.Equal(0, never.Noted);
    }

    [Fact]
    public async Task An_etcd_that_refuses_is_told_of_once_with_the_growth()
    {
        using EtcdConnection connection = new(Options());
        EtcdCompaction compaction = new(connection, 60, _log);
        // A revision that etcd has not reached is refused, as a missing permission is.
        for (int hour = 0; hour < 4; hour++)
        {
            compaction.Note(hour * 60 * MinuteNs, 1_000_000 + (1000 * hour));
            await Eventually.Ends(compaction.Latest);
        }

        Assert.Contains("by 1000 revisions in 60 minutes", Assert.Single(_log.Of(1044)), StringComparison.Ordinal);
        Assert.Empty(_log.Of(1043));
    }

    private static long CurrentRevision(EtcdConnection connection) => ReadAt(connection, 0).Header.Revision;

    private static RangeResponse ReadAt(EtcdConnection connection, long revision) => connection.Ask(
        (client, headers, cancellation) => client.Get(
            new RangeRequest { Key = connection.Keys.Leader, Revision = revision }, headers, null, cancellation),
        20_000, default);

    private static long Put(EtcdConnection connection) => connection.Ask(
        (client, headers, cancellation) => client.Put(
            new PutRequest { Key = connection.Keys.State }, headers, null, cancellation),
        20_000, default).Header.Revision;

    private EtcdOptions Options() => new() { Endpoints = _etcd.Endpoints, LeaderTermMs = Limits.MinLeaderTermMs, Insecure = Insecure.Loopback };
}
