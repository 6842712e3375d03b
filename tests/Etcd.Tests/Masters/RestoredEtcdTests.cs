using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Masters;

/// <summary>An etcd that was restored counts its revisions again: what was one's own may be another's.</summary>
public sealed class RestoredEtcdTests : IDisposable
{
    private const uint LeaderTermMs = 2000;
    private readonly TemporaryDirectory _directory = new();
    private readonly EtcdNode _etcd;

    public RestoredEtcdTests()
    {
        int[] ports = Ports.Free(2);
        _etcd = new EtcdNode("n", _directory.Path, "127.0.0.1", ports[0], ports[1], $"n=http://127.0.0.1:{ports[1]}", []);
    }

    public void Dispose()
    {
        _etcd.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_leader_that_was_away_while_etcd_was_restored_does_not_take_its_successors_key_for_its_own()
    {
        await IsHealthyAsync();
        using TcpProxy way = new(_etcd.Port);
        EtcdOptions direct = new() { Endpoints = _etcd.Endpoint, LeaderTermMs = LeaderTermMs, Insecure = Insecure.Loopback };
        Wire.SessionKey held;
        using (EtcdMaster maker = new(direct))
        {
            await maker.LeadsAsync();
            held = await maker.Client.CreateKeyAsync("server", 5000);
        }

        // Nobody leads, and a backup is made; the next leader's key is the first of the revisions behind it, twice.
        await RestartWithAsync("n", "backup");
        using EtcdMaster first = new(new EtcdOptions { Endpoints = way.Address, LeaderTermMs = LeaderTermMs, Insecure = Insecure.Loopback });
        await first.LeadsAsync();
        using RenewalStream stream = first.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(held));
        way.Cut();
        await RestartWithAsync("backup", "n");
        using EtcdMaster second = new(direct);
        await second.LeadsAsync();
        await Eventually.IsTrueAsync(() => !first.Master.Leads, "its lease has run out");
        way.Restore();

        Stopwatch watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 2 * LeaderTermMs)
        {
            Assert.False(first.Master.Leads, "the first leads again");
            Assert.Equal(SessionStatus.NotLeader, await stream.StatusOfAsync(held));
            await Task.Delay(20);
        }

        Assert.True(second.Master.Leads);
    }

    private Task IsHealthyAsync() => Eventually.IsTrueAsync(_etcd.IsHealthy, "healthy");

    /// <summary>Stops etcd, copies one folder of data to the other, and starts it again.</summary>
    private async Task RestartWithAsync(string from, string to)
    {
        _etcd.Kill();
        Assert.Equal((0, ""), await Shell.RunAsync("rm", "-rf", _directory.File(to)));
        Assert.Equal((0, ""), await Shell.RunAsync("cp", "-a", _directory.File(from), _directory.File(to)));
        _etcd.Start();
        await IsHealthyAsync();
    }
}
