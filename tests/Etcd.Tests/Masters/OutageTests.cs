using System;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Masters;

/// <summary>An etcd that is late, or away: a master waits for it, and says the truth meanwhile.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly EtcdCluster _etcd = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _etcd.Dispose();

    [Fact]
    public async Task A_master_that_starts_before_its_etcd_serves_and_waits_for_it()
    {
        _etcd.Nodes[0].Kill();
        using EtcdMaster master = new(Options(), loggers: _log);
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => master.Client.CreateAsync("server"));
        // Some rounds of the same failure are one line.
        await Task.Delay(3 * Limits.LeadershipRetryMs);
        Assert.Contains(_etcd.Endpoints, Assert.Single(_log.Of(1014)), StringComparison.Ordinal);

        _etcd.Nodes[0].Start();

        await master.LeadsAsync();
        await master.Client.CreateKeyAsync("server");
    }

    [Fact]
    public async Task Whose_lease_ran_out_says_so_everywhere_once_and_acts_again_when_etcd_is_back()
    {
        using EtcdMaster master = new(Options(), loggers: _log);
        await master.LeadsAsync();
        ulong epoch = master.Master.MasterEpoch;
        Wire.SessionKey key = await master.Client.CreateKeyAsync("server");
        _etcd.Nodes[0].Kill();
        await Eventually.IsTrueAsync(() => _log.Of(1045).Count > 0, "said to act no more");

        Assert.Equal((false, 0UL), (master.Master.Leads, master.Master.MasterEpoch));
        Func<Task>[] calls =
        [
            async () => await master.Client.Administration.ListSessionsAsync(new Wire.ListSessionsRequest()),
            async () => await master.Client.Administration.ListSessionItemsAsync(
                new Wire.ListSessionItemsRequest { SessionId = key.SessionId }),
            () => master.Client.SetItemAsync(key, "item", []),
        ];
        foreach (Func<Task> call in calls)
        {
            SessionException refusal = await MasterClient.RefusalOf(call);
            Assert.Equal(SessionStatus.NotLeader, refusal.Status);
            Assert.Contains("lease was not renewed", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(SessionStatus.NotLeader, Assert.Throws<SessionException>(() => master.Master.ListSessions()).Status);
        Grpc.Core.RpcException answer = await Assert.ThrowsAsync<Grpc.Core.RpcException>(
            async () => await master.Client.Administration.ListSessionsAsync(new Wire.ListSessionsRequest()));
        Assert.Null(answer.Trailers.GetValue(StatusOnTheWire.MasterEpochTrailer));
        // A lease's time without etcd, in which it is tried again all the time.
        await Task.Delay((int)Limits.MinLeaderTermMs);

        _etcd.Nodes[0].Start();

        await master.LeadsAsync();
        // Nobody else led meanwhile, so it may be the same leadership, or a new one when etcd took the lease away.
        Assert.True(master.Master.MasterEpoch >= epoch);
        await master.Client.SetItemAsync(key, "item", []);
        Assert.Single(_log.Of(1045));
        string before = Assert.Single(_log.Of(1015));
        Assert.DoesNotContain("-", before[..before.IndexOf(" ms", StringComparison.Ordinal)], StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => _log.Of(1046).Count + _log.Of(1013).Count == 1, "said to act again, or to begin anew");
    }

    [Fact]
    public async Task A_daemon_that_starts_before_its_etcd_waits_for_it()
    {
        _etcd.Nodes[0].Kill();
        using DaemonProcess daemon = await DaemonProcess.StartOnEtcdAsync(_etcd.Endpoints, "--leader-term-ms", "2000");
        using MasterClient client = new(daemon.Port);
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => client.CreateAsync("server"));
        _etcd.Nodes[0].Start();
        await Eventually.IsTrueAsync(
            async () => await Record.ExceptionAsync(() => client.CreateKeyAsync("server")) == null, "served");
        await daemon.EndsCleanlyAsync();
    }

    [Fact]
    public async Task What_cannot_become_right_is_refused_at_once()
    {
        using EtcdCluster etcd = new();
        using (Contender somebody = new(new EtcdOptions { Endpoints = etcd.Endpoints, Insecure = Insecure.Loopback }))
        {
            somebody.Connection.Ask(
                (client, headers, cancellation) => client.Put(
                    new Etcdserverpb.PutRequest { Key = somebody.Connection.Keys.State, Value = Google.Protobuf.ByteString.CopyFromUtf8("garbage") },
                    headers, null, cancellation),
                20_000, default);
        }

        (int exitCode, string errors) = await DaemonProcess.EndAsync(
            DaemonProcess.Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--etcd", etcd.Endpoints,
            "--etcd-insecure", "loopback");
        Assert.Equal(1, exitCode);
        Assert.Contains("/interop-sessions/default/state", errors, StringComparison.Ordinal);
    }

    private EtcdOptions Options() => new() { Endpoints = _etcd.Endpoints, LeaderTermMs = Limits.MinLeaderTermMs, Insecure = Insecure.Loopback };
}
