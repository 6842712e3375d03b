using System;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Leadership;

/// <summary>
/// An etcd that is far away: dialling, TLS, a user and the question for the version take several round trips, each of which
/// is nothing to a leader's lease.
/// </summary>
public sealed class FarEtcdTests : IDisposable
{
    private const int EachWayMs = 100;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(Limits.DefaultLeaderTermMs)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public async Task A_far_etcd_with_TLS_and_a_user_is_led_on_and_stays_so(uint leaderTermMs)
    {
        TestCertificates known = new(_directory.Path);
        (string serverCert, string serverKey) = known.Issue("server");
        using GuardedEtcd etcd = new(known.CaFile, "--cert-file", serverCert, "--key-file", serverKey);
        using FarWay way = new(etcd.Cluster.Nodes[0].Port, EachWayMs);
        RecordedLog log = new();
        EtcdOptions options = etcd.Options with
        {
            Endpoints = way.Address,
            Tls = new TlsOptions { CaFile = known.CaFile },
            Insecure = Insecure.No,
            LeaderTermMs = leaderTermMs,
        };
        using EtcdMaster master = new(options, loggers: log);
        await master.LeadsAsync();
        await master.Client.CreateKeyAsync("server");
        // Several renewals of the shorter lease.
        long endNs = BootClock.NowNs + 6_000_000_000;
        while (BootClock.NowNs < endNs)
        {
            Assert.True(master.Master.Leads, string.Join('\n', log.Of(1015)));
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task Where_the_leaders_term_is_too_short_for_the_way_it_is_named()
    {
        using EtcdCluster etcd = new();
        using FarWay way = new(etcd.Nodes[0].Port, 400);
        EtcdOptions options = new() { Endpoints = way.Address, LeaderTermMs = Limits.MinLeaderTermMs, Insecure = Insecure.Loopback };
        using Contender contender = new(options);
        SessionException failure = await Task.Run(() => Assert.Throws<SessionException>(() => contender.Leadership.TryWin()));
        Assert.True(failure.IsPassing);
        Assert.Contains("leader_term_ms, 2000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_takes_longer_than_a_request_is_there_for_the_next()
    {
        using EtcdCluster etcd = new();
        using FarWay way = new(etcd.Nodes[0].Port, 400);
        using Contender contender = new(new EtcdOptions { Endpoints = way.Address, Insecure = Insecure.Loopback }, isConnected: false);
        SessionException failure = Assert.Throws<SessionException>(() => Ask(contender));
        Assert.Contains("takes longer than 1000 ms", failure.Message, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => Record.Exception(() => Ask(contender)) == null, "connected");
    }

    private static void Ask(Contender contender) => contender.Connection.Ask(
        (client, headers, cancellation) => client.Get(
            new Etcdserverpb.RangeRequest { Key = contender.Connection.Keys.State }, headers, null, cancellation),
        Limits.EtcdRequestMs, default);
}
