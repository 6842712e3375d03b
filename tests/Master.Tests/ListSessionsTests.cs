using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
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

        Assert.Equal(MasterClient.RequestFor("server").Description, row.Description);
        Assert.Equal((reply.SessionId, reply.Epoch, reply.TermMs), (row.SessionId, row.Epoch, row.TermMs));
        Assert.InRange(row.RemainingMs, 1U, row.TermMs);
        Assert.Equal(1U, row.ItemCount);
        Wire.Item item = Assert.Single((await _running.Client.Administration.ListSessionItemsAsync(
            new Wire.ListSessionItemsRequest { SessionId = reply.SessionId })).Items);
        Assert.Equal(("item", 3), (item.Key, item.Value.Length));
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
