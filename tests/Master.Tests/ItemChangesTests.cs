using System;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Several changes of items over the wire, and what the store has of them.</summary>
public sealed class ItemChangesTests : IDisposable
{
    private const uint Set = (uint)ItemChangeKind.Set;
    private const uint Remove = (uint)ItemChangeKind.Remove;
    private const uint Check = (uint)ItemChangeKind.Check;
    private readonly RunningMaster _running = new(options => options.MaxTermMs = 60_000);

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task All_are_made_with_one_revision_and_are_there_after_a_restart()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", 60_000);
        ulong rack = await _running.Client.SetItemAsync(key, "rack", [1]);

        ulong revision = await ApplyAsync(key, default, (Set, "zone", [2], 0), (Remove, "rack", [], rack), (Check, "disk", [], 0));

        Assert.True(revision > rack);
        await AssertOnlyZoneAsync(revision);
        _running.Restart();
        await AssertOnlyZoneAsync(revision);

        async Task AssertOnlyZoneAsync(ulong expected)
        {
            Wire.Item item = Assert.Single((await _running.Client.ListItemsAsync(key)).Items);
            Assert.Equal(("zone", expected), (item.Key, item.Revision));
        }
    }

    [Fact]
    public async Task A_refusal_names_the_change_and_none_is_made()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        ulong rack = await _running.Client.SetItemAsync(key, "rack", [1]);

        await MasterClient.AssertRefusedAsync(
            SessionStatus.RevisionMismatch, () => ApplyAsync(key, default, (Set, "zone", [2], null), (Check, "rack", [], rack + 1)),
            "changes[1]", "'rack'");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Unsupported, () => ApplyAsync(key, default, (Set, "zone", [2], null), (4, "rack", [], null)),
            "changes[1].kind is 4", "nothing was done");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => ApplyAsync(key, default, (0, "zone", [2], null)), "changes[0]", "kind is 0");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong,
            () => ApplyAsync(key, default, [.. Enumerable.Range(0, 101).Select(i => (Set, $"{i}", Array.Empty<byte>(), (ulong?)null))]), "101");

        Assert.Equal(rack, Assert.Single((await _running.Client.ListItemsAsync(key)).Items).Revision);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_is_answered_as_the_first_was(bool isRestarted)
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", 60_000);
        Wire.WriteId write = new() { Number = 1, FirstUnfinished = 1 };
        ulong revision = await ApplyAsync(key, write, (Set, "rack", [1], 0), (Set, "zone", [2], 0));
        if (isRestarted)
        {
            _running.Restart();
        }

        Assert.Equal(revision, await ApplyAsync(key, write, (Set, "rack", [1], 0), (Set, "zone", [2], 0)));
    }

    [Fact]
    public async Task As_many_and_as_large_as_may_be_go_through()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        const int Each = (Limits.MaxItemChangesBytes / Limits.MaxItemChanges) - Limits.MaxItemKeyBytes;

        await ApplyAsync(
            key, default,
            [.. Enumerable.Range(0, Limits.MaxItemChanges).Select(
                i => (Set, $"{i:d3}".PadRight(Limits.MaxItemKeyBytes, 'k'), new byte[Each], (ulong?)0))]);

        Assert.Equal(Limits.MaxItemChanges, (await _running.Client.ListItemsAsync(key)).Items.Count);
    }

    [Fact]
    public async Task Two_that_compare_the_same_item_have_one_winner_and_no_mixture()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        SessionStatus[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await ApplyAsync(key, default, (Set, "a", [(byte)i], 0), (Set, "b", [(byte)i], 0));
                return SessionStatus.Ok;
            }
            catch (Grpc.Core.RpcException error)
            {
                return Protocol.StatusOnTheWire.FromRpc(error).Status;
            }
        }));

        Assert.Single(outcomes, SessionStatus.Ok);
        Wire.ListItemsReply listed = await _running.Client.ListItemsAsync(key);
        Assert.Equal(listed.Items[0].Value, listed.Items[1].Value);
    }

    private async Task<ulong> ApplyAsync(
        Wire.SessionKey session, Wire.WriteId? write, params (uint Kind, string Key, byte[] Value, ulong? Compare)[] changes)
    {
        Wire.ApplyItemsRequest request = new() { Session = session, Write = write };
        foreach ((uint kind, string key, byte[] value, ulong? compare) in changes)
        {
            Wire.ItemChange change = new() { Kind = kind, Key = key, Value = ByteString.CopyFrom(value) };
            if (compare is { } revision)
            {
                change.CompareRevision = revision;
            }

            request.Changes.Add(change);
        }

        return (await _running.Client.Sessions.ApplyItemsAsync(request)).Revision;
    }
}
