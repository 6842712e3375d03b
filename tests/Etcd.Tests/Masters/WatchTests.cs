using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Masters;

public sealed class WatchTests(OneNode etcd)
{
    private readonly EtcdOptions _options = etcd.NewOptions();

    [Fact]
    public async Task A_watch_goes_on_at_the_successor_without_a_gap()
    {
        EtcdMaster leader = new(_options);
        await leader.LeadsAsync();
        using EtcdMaster standby = new(_options);
        Wire.SessionKey key = await leader.Client.CreateKeyAsync("server", 10_000);
        using CancellationTokenSource patience = new(Eventually.Patience);
        using ClusterWatcher watcher = new([standby.Address, leader.Address], insecure: Insecure.Loopback);
        await using IAsyncEnumerator<SessionEvent> watch = watcher.WatchAsync(cancellationToken: patience.Token).GetAsyncEnumerator(patience.Token);
        await UntilAsync(watch, SessionEventKind.StateEnds);
        ulong former = watch.Current.MasterEpoch;
        ulong revision = await leader.Client.SetItemAsync(key, "k", [1]);
        while (await UntilAsync(watch, SessionEventKind.Progress) < revision)
        {
        }

        leader.Dispose();
        await standby.LeadsAsync();
        ulong next = await standby.Client.SetItemAsync(key, "k", [2]);

        // Not a word of what there was.
        do
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.Contains(watch.Current.Kind, (SessionEventKind[])[SessionEventKind.Progress, SessionEventKind.ItemSet]);
        }
        while (watch.Current.Kind == SessionEventKind.Progress);
        Assert.Equal(next, watch.Current.Revision);
        Assert.True(watch.Current.MasterEpoch > former);
    }

    private static async Task<ulong> UntilAsync(IAsyncEnumerator<SessionEvent> watch, SessionEventKind kind)
    {
        do
        {
            Assert.True(await watch.MoveNextAsync());
        }
        while (watch.Current.Kind != kind);
        return watch.Current.Revision;
    }
}
