using System;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>A store that has no room, as followers meet it.</summary>
public sealed class StoreFullTests
{
    [Theory]
    [InlineData(0, 4_294_967_296)]
    [InlineData(1_073_741_824, 1_073_741_824)]
    [InlineData(ulong.MaxValue, 4_294_967_294L * 4096)]
    public void A_store_may_have_four_GiB_unless_its_host_says_otherwise(ulong given, long most)
    {
        using TemporaryDirectory directory = new();
        using SqliteSessionStore store = new(directory.File("s.db"), given, create: true);
        Assert.Equal(most, store.MostBytes);
    }

    [Fact]
    public async Task A_full_store_refuses_changes_renews_leases_and_recovers_when_a_session_is_closed()
    {
        using RunningMaster running = new(options =>
        {
            options.StoreMaxBytes = Limits.MinStoreBytes;
            options.MaxItemBytes = 4000;
        });
        Wire.SessionKey filler = await running.Client.CreateKeyAsync("filler");
        Wire.SessionKey other = await running.Client.CreateKeyAsync("other");
        int kept = 0;
        SessionException? full = null;
        while (full == null)
        {
            try
            {
                await running.Client.SetItemAsync(filler, $"key-{kept:d4}", new byte[4000]);
                kept++;
                Assert.True(kept < 1000);
            }
            catch (Grpc.Core.RpcException error)
            {
                full = Protocol.StatusOnTheWire.FromRpc(error);
            }
        }

        Assert.Equal(SessionStatus.StoreFull, full.Status);
        Assert.Contains(running.StorePath, full.Message, StringComparison.Ordinal);
        Assert.Equal(kept, running.Master.ListItems(filler.SessionId, "").Count);
        using RenewalStream stream = running.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(other));

        await running.Client.CloseAsync(filler);

        await running.Client.SetItemAsync(other, "key", new byte[4000]);
        running.Restart();
        Assert.Equal(other.SessionId, Assert.Single(running.Master.ListSessions().Rows).SessionId);
        Assert.Single(running.Master.ListItems(other.SessionId, ""));
    }
}
