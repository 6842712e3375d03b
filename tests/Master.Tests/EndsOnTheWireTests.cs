using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>The ends that are kept, and the last word of a holder, as they are asked for and told over the wire.</summary>
public sealed class EndsOnTheWireTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task An_end_is_listed_when_its_close_is_answered_and_outlives_the_master()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        await _running.Client.CloseAsync(key);
        Wire.EndRow end = Assert.Single((await ListAsync(new Wire.ListEndsRequest())).Ends);
        Assert.Equal((key.SessionId, key.Epoch, "a", (uint)SessionEndReason.Closed), (end.SessionId, end.Epoch, end.Identity, end.Reason));

        _running.Restart();

        Assert.Equal(end, Assert.Single((await ListAsync(new Wire.ListEndsRequest { SinceMs = 3_600_000 })).Ends));
    }

    [Fact]
    public async Task Pages_begin_where_the_last_said_and_are_no_larger_than_the_limit()
    {
        for (int i = 0; i < 3; i++)
        {
            await _running.Client.CloseAsync(await _running.Client.CreateKeyAsync($"server {i}"));
        }

        Wire.ListEndsReply page = await ListAsync(new Wire.ListEndsRequest { Limit = 2 });
        Assert.Equal(["server 0", "server 1"], page.Ends.Select(end => end.Identity));
        page = await ListAsync(new Wire.ListEndsRequest { Limit = 2, FromRevision = page.NextRevision });
        Assert.Equal(["server 2"], page.Ends.Select(end => end.Identity));
        Assert.Equal(0UL, page.NextRevision);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => ListAsync(new Wire.ListEndsRequest { Limit = 1001 }), "limit is 1001", "1000");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong, () => ListAsync(new Wire.ListEndsRequest { IdentityPrefix = new string('i', 129) }), "identity_prefix", "128");
    }

    [Fact]
    public async Task A_last_word_is_remembered_until_a_renewal_and_renews_nothing()
    {
        Wire.SessionKey told = await _running.Client.CreateKeyAsync("told");
        Wire.SessionKey wellAgain = await _running.Client.CreateKeyAsync("well again");
        using RenewalStream stream = _running.Client.OpenStream();

        Wire.KeepAliveReply reply = await stream.AskAsync(new Wire.KeepAliveRequest
        {
            Inquiries = { told, wellAgain },
            GateClosed = { told.SessionId, wellAgain.SessionId },
        });
        Assert.All(reply.Renewals, answer => Assert.Equal((Wire.Status.Ok, 0u), (answer.Status, answer.TermMs)));
        await stream.RenewAsync(wellAgain);
        await _running.Client.CloseAsync(told);
        await _running.Client.CloseAsync(wellAgain);

        Assert.Equal([true, false], (await ListAsync(new Wire.ListEndsRequest())).Ends.Select(end => end.IsGateClosed));
    }

    [Fact]
    public async Task A_message_with_more_last_words_than_inquiries_is_refused()
    {
        using RenewalStream stream = _running.Client.OpenStream();
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong, () => stream.AskAsync(new Wire.KeepAliveRequest { GateClosed = { 1 } }), "gate_closed has 1", "0");
    }

    private async Task<Wire.ListEndsReply> ListAsync(Wire.ListEndsRequest request) =>
        await _running.Client.Administration.ListEndsAsync(request);
}
