using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Lists, in the process and over the wire.</summary>
public sealed class ListSessionsTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task Pages_hold_every_session_once_in_order_of_id()
    {
        ulong[] created = await Task.WhenAll(
            Enumerable.Range(0, 25).Select(async i => (await _running.Client.CreateAsync($"server-{i}")).SessionId));
        List<ulong> listed = [];
        int pages = 0;
        ulong from = 0;
        do
        {
            Wire.ListSessionsReply page = await _running.Client.Administration.ListSessionsAsync(
                new Wire.ListSessionsRequest { FromSessionId = from, Limit = 10 });
            listed.AddRange(page.Sessions.Select(row => row.SessionId));
            from = page.NextSessionId;
            pages++;
        }
        while (from != 0);

        Assert.Equal(3, pages);
        Assert.Equal(created.Order(), listed);
        Assert.Equal(listed, _running.Master.ListSessions().Rows.Select(row => row.SessionId));
    }

    [Fact]
    public async Task A_row_says_who_it_is_and_how_long_it_has()
    {
        Wire.CreateSessionReply reply = await _running.Client.CreateAsync("server");
        await _running.Client.SetItemAsync(MasterClient.KeyOf(reply), "item", [1, 2, 3]);

        Wire.SessionRow row = Assert.Single((await _running.Client.Administration.ListSessionsAsync(
            new Wire.ListSessionsRequest())).Sessions);

        Wire.ServerDescription said = MasterClient.RequestFor("server").Description;
        said.Weight = Limits.DefaultWeight;
        Assert.Equal(said, row.Description);
        Assert.Equal((reply.SessionId, reply.Epoch, reply.TermMs), (row.SessionId, row.Epoch, row.TermMs));
        Assert.InRange(row.RemainingMs, 1U, row.TermMs);
        Assert.Equal(1U, row.ItemCount);
        Wire.Item item = Assert.Single((await _running.Client.Administration.ListSessionItemsAsync(
            new Wire.ListSessionItemsRequest { SessionId = reply.SessionId })).Items);
        Assert.Equal(("item", 3), (item.Key, item.Value.Length));
    }

    [Fact]
    public async Task A_row_says_how_the_session_stands_and_when_it_was_heard_of()
    {
        long beforeNs = BootClock.NowNs;
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        SessionRow created = _running.Master.GetSession(key.SessionId);
        Assert.Equal(SessionFlags.None, created.Flags);
        Assert.InRange(created.CreatedNs, beforeNs, BootClock.NowNs);
        Assert.Equal(created.CreatedNs, created.RenewedNs);
        using RenewalStream stream = _running.Client.OpenStream();
        await stream.RenewAsync(key);

        _running.Master.RevokeSession(key.SessionId, key.Epoch, "the rack is being drained");

        SessionRow revoked = _running.Master.FindSession("server");
        Assert.Equal((SessionFlags.Revoking, created.CreatedNs), (revoked.Flags, revoked.CreatedNs));
        Assert.InRange(revoked.RenewedNs, created.RenewedNs + 1, BootClock.NowNs);
    }

    [Fact]
    public async Task A_hook_is_told_what_the_list_shows()
    {
        ConcurrentQueue<SessionRequest> told = new();
        _running.Hooks.OnSessionCreated = (request, _) => told.Enqueue(request);
        _running.Hooks.OnSessionEnded = (request, _) => told.Enqueue(request);
        Wire.CreateSessionReply created = await _running.Client.CreateAsync("server");
        SessionRow row = _running.Master.GetSession(created.SessionId);
        await _running.Client.SetItemAsync(MasterClient.KeyOf(created), "item", [1]);

        _running.Restart();
        Wire.CreateSessionReply taken = await _running.Client.Sessions.ReattachSessionAsync(
            MasterClient.Reattach(MasterClient.KeyOf(created), "server"));
        await _running.Client.CloseAsync(MasterClient.KeyOf(taken));

        await Eventually.IsTrueAsync(() => told.Count == 3, "told of all");
        SessionRequest[] requests = [.. told];
        Assert.Equal(
            [(SessionFlags.None, 0), (SessionFlags.Reattached, 1), (SessionFlags.Reattached, 1)],
            requests.Select(request => (request.Flags, request.ItemCount)));
        Assert.Equal([row.CreatedNs, 0, 0], requests.Select(request => request.CreatedNs));
        Assert.True(requests[0].RenewedNs == row.RenewedNs && requests[1].RenewedNs > row.RenewedNs);
    }

    [Fact]
    public void A_page_has_a_limit()
    {
        SessionException refusal = Assert.Throws<SessionException>(
            () => _running.Master.ListSessions(0, Limits.MaxSessionsPerPage + 1));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("10001", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("10000", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_items_of_an_unknown_session_are_refused() => Assert.Equal(
        SessionStatus.UnknownSession,
        Assert.Throws<SessionException>(() => _running.Master.ListItems(1, "")).Status);
}
