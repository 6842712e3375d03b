using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Items over the wire.</summary>
public sealed class ItemsTests : IDisposable
{
    private readonly RunningMaster _running = new(options =>
    {
        options.MaxItemBytes = 100;
        options.MaxItemsPerSession = 3;
        options.MaxSessionBytes = 220;
    });

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task Items_are_set_got_listed_and_removed()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        ulong first = await _running.Client.SetItemAsync(key, "disk/1", [0, 1, 255]);
        ulong second = await _running.Client.SetItemAsync(key, "disk/0", []);
        await _running.Client.SetItemAsync(key, "version", Encoding.UTF8.GetBytes("1.2"));

        Wire.Item got = (await _running.Client.Sessions.GetItemAsync(
            new Wire.GetItemRequest { Session = key, Key = "disk/1" })).Item;
        Assert.Equal(("disk/1", first), (got.Key, got.Revision));
        Assert.Equal([0, 1, 255], got.Value.ToByteArray());
        Assert.True(second > first);
        Wire.ListItemsReply listed = await _running.Client.ListItemsAsync(key, "disk/");
        Assert.Equal(["disk/0", "disk/1"], listed.Items.Select(item => item.Key));
        Assert.Equal(
            ["disk/0", "disk/1", "version"], _running.Master.ListItems(key.SessionId, "").Select(item => item.Key));

        ulong removed = (await _running.Client.Sessions.RemoveItemAsync(
            new Wire.RemoveItemRequest { Session = key, Key = "disk/1" })).Revision;
        Assert.True(removed > second);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.ItemNotFound,
            async () => await _running.Client.Sessions.GetItemAsync(new Wire.GetItemRequest { Session = key, Key = "disk/1" }),
            "disk/1");
    }

    [Fact]
    public async Task A_change_that_compares_revisions_has_one_winner()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        SessionStatus[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await _running.Client.SetItemAsync(key, "lock", [(byte)i], compareRevision: 0);
                return SessionStatus.Ok;
            }
            catch (Grpc.Core.RpcException error)
            {
                return Protocol.StatusOnTheWire.FromRpc(error).Status;
            }
        }));
        Assert.Single(outcomes, SessionStatus.Ok);
        Assert.Equal(19, outcomes.Count(outcome => outcome == SessionStatus.RevisionMismatch));
    }

    [Fact]
    public async Task Every_limit_is_kept_and_named()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.ItemTooLarge, () => _running.Client.SetItemAsync(key, "a", new byte[101]), "101", "100");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.ReservedKey, () => _running.Client.SetItemAsync(key, "$a", []), "$a");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong, () => _running.Client.SetItemAsync(key, new string('k', 257), []), "257", "256");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => _running.Client.SetItemAsync(key, "", []), "key");
        await _running.Client.SetItemAsync(key, "a", new byte[100]);
        await _running.Client.SetItemAsync(key, "b", new byte[100]);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooManyItems, () => _running.Client.SetItemAsync(key, "c", new byte[18]), "221", "max_session_bytes");
        await _running.Client.SetItemAsync(key, "c", new byte[17]);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooManyItems, () => _running.Client.SetItemAsync(key, "d", []), "3", "max_items_per_session");
    }

    [Fact]
    public async Task Only_the_holder_of_the_session_touches_its_items()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        Wire.SessionKey stranger = new(key) { Nonce = key.Nonce + 1 };
        Wire.SessionKey older = new(key) { Epoch = key.Epoch - 1 };
        await MasterClient.AssertRefusedAsync(SessionStatus.WrongNonce, () => _running.Client.SetItemAsync(stranger, "a", []));
        await MasterClient.AssertRefusedAsync(SessionStatus.WrongEpoch, () => _running.Client.SetItemAsync(older, "a", []));
        await MasterClient.AssertRefusedAsync(SessionStatus.WrongNonce, () => _running.Client.ListItemsAsync(stranger));
        Assert.Empty(_running.Master.ListItems(key.SessionId, ""));
    }
}
