using System;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Items that come with a create.</summary>
public sealed class ItemsOfCreateTests : IDisposable
{
    private readonly RunningMaster _running = new(options =>
    {
        options.MaxTermMs = 60_000;
        options.MaxItemBytes = 100;
    });

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task Whoever_finds_the_session_finds_them_and_so_does_the_next_leadership()
    {
        int seen = -1;
        _running.Hooks.OnSessionCreated = (request, _) => seen = _running.Master.ListItems(request.SessionId, "").Count;

        Wire.CreateSessionReply created = await _running.Client.Sessions.CreateSessionAsync(Request("rack", "zone"));

        Assert.Equal((2, 2U), (seen, created.ItemsSet));
        Wire.SessionKey key = MasterClient.KeyOf(created);
        await AssertThereAsync();
        _running.Restart();
        await AssertThereAsync();

        async Task AssertThereAsync() => Assert.Equal(
            [("rack", created.Epoch), ("zone", created.Epoch)],
            (await _running.Client.ListItemsAsync(key)).Items.Select(item => (item.Key, item.Revision)));
    }

    [Fact]
    public async Task The_hooks_of_the_create_see_them_and_no_others()
    {
        string? initialized = null;
        string? created = null;
        TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running.Hooks.OnSessionInitialize = (request, _) => initialized = Text(request);
        _running.Hooks.OnSessionCreated = (request, _) => created = Text(request);
        _running.Hooks.OnSessionEnded = (request, _) => ended.SetResult(request.Description.Items.Count);

        Wire.SessionKey key = MasterClient.KeyOf(await _running.Client.Sessions.CreateSessionAsync(Request("zone", "rack")));

        Assert.Equal(("zone=zone,rack=rack", "zone=zone,rack=rack"), (initialized, created));
        Assert.Empty(Assert.Single(_running.Master.ListSessions().Rows).Description.Items);
        await _running.Client.CloseAsync(key);
        await Eventually.Ends(ended.Task);
        Assert.Equal(0, await ended.Task);

        static string Text(SessionRequest request) => string.Join(
            ',', request.Description.Items.Select(item => $"{item.Key}={System.Text.Encoding.UTF8.GetString(item.Value.Span)}"));
    }

    [Fact]
    public async Task A_refusing_hook_leaves_nothing_of_them()
    {
        _running.Hooks.OnSessionInitialize = (request, _) => throw new SessionException(
            SessionStatus.Refused, $"rack {request.Description.Items[0].Key} is full");

        await MasterClient.AssertRefusedAsync(
            SessionStatus.Refused, async () => await _running.Client.Sessions.CreateSessionAsync(Request("r7")), "rack r7 is full");
        Assert.Empty(_running.Master.ListSessions().Rows);
    }

    [Fact]
    public async Task Over_a_limit_the_create_is_refused_and_nothing_is_stored()
    {
        Wire.CreateSessionRequest large = Request("rack");
        large.Items[0].Value = ByteString.CopyFrom(new byte[101]);
        await RefusedAsync(SessionStatus.ItemTooLarge, large, "items[0]");
        await RefusedAsync(SessionStatus.ReservedKey, Request("rack", "$rack"), "items[1]");
        await RefusedAsync(SessionStatus.InvalidArgument, Request("rack", "rack"), "items[1]", "items[0]");
        await RefusedAsync(SessionStatus.TooLong, Request([.. Enumerable.Range(0, 101).Select(i => $"{i}")]), "101");
        await RefusedAsync(SessionStatus.TooLong, Request(new string('k', 257)), "items[0].key");
        Assert.Empty(_running.Master.ListSessions().Rows);

        async Task RefusedAsync(SessionStatus expected, Wire.CreateSessionRequest request, params string[] said) =>
            await MasterClient.AssertRefusedAsync(
                expected, async () => await _running.Client.Sessions.CreateSessionAsync(request), said);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repeated_create_is_answered_with_the_session_and_sets_nothing_again(bool isRestarted)
    {
        Wire.CreateSessionRequest request = Request("rack");
        Wire.CreateSessionReply first = await _running.Client.Sessions.CreateSessionAsync(request);
        if (isRestarted)
        {
            _running.Restart();
        }

        Wire.CreateSessionReply second = await _running.Client.Sessions.CreateSessionAsync(request);

        Assert.Equal((first.SessionId, first.Epoch, 1U), (second.SessionId, second.Epoch, second.ItemsSet));
        await _running.Client.SetItemAsync(MasterClient.KeyOf(first), "rack", [7]);
        Wire.CreateSessionReply late = await _running.Client.Sessions.CreateSessionAsync(request);
        Assert.Equal((first.SessionId, 0U), (late.SessionId, late.ItemsSet));
        Assert.Equal([7], Assert.Single(_running.Master.ListItems(first.SessionId, "")).Value.ToArray());
    }

    private static Wire.CreateSessionRequest Request(params string[] keys)
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server", 60_000);
        request.Items.AddRange(keys.Select(key => new Wire.Item { Key = key, Value = ByteString.CopyFromUtf8(key) }));
        return request;
    }
}
