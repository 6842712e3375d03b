using System;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Server;
using Interop.Sessions.Protocol;
using Xunit;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>A request's bytes as gRPC reads them.</summary>
public sealed class CountedBodyTests
{
    private const int MostBytes = 1000;
    private static readonly RequestKind s_kind = new(CallClass.KeepAlive, "KeepAliveRequest", MostBytes);
    private readonly Pipe _pipe = new();

    [Fact]
    public async Task Messages_that_wait_are_each_within_the_bound_though_together_they_are_beyond_it()
    {
        using CountedBody body = new(_pipe.Reader, s_kind, budget: null, refusal => refusal);
        byte[] sent = [.. Enumerable.Range(0, 5).SelectMany(_ => Message(MostBytes, MostBytes))];
        await _pipe.Writer.WriteAsync(sent);

        ReadResult read = await body.ReadAsync();

        Assert.Equal(sent.Length, read.Buffer.Length);
    }

    [Fact]
    public async Task A_message_that_will_be_too_long_is_refused_by_what_it_says_of_itself()
    {
        using CountedBody body = new(_pipe.Reader, s_kind, budget: null, refusal => refusal);
        await _pipe.Writer.WriteAsync(Message(MostBytes + 1, sent: 0));

        SessionException refusal = await MessageRefusalAsync(body);

        Assert.Equal(SessionStatus.TooLong, refusal.Status);
        Assert.Equal($"KeepAliveRequest has {MostBytes + 1} bytes; the limit is {MostBytes}", refusal.Message);
    }

    [Fact]
    public async Task What_others_are_sending_is_counted_until_their_requests_are_over()
    {
        SharedBudget budget = new(1500);
        Pipe others = new();
        CountedBody other = new(others.Reader, s_kind, budget, refusal => refusal);
        await others.Writer.WriteAsync(Message(MostBytes, sent: MostBytes - 1));
        ReadResult part = await other.ReadAsync();
        other.AdvanceTo(part.Buffer.Start, part.Buffer.End);
        await _pipe.Writer.WriteAsync(Message(MostBytes, sent: MostBytes - 1));

        using (CountedBody refused = new(_pipe.Reader, s_kind, budget, refusal => refusal))
        {
            SessionException refusal = await MessageRefusalAsync(refused);
            Assert.Equal((SessionStatus.Overloaded, Limits.WireRetryMs), (refusal.Status, refusal.RetryAfterMs));
        }

        other.Dispose();
        Assert.Equal(0, budget.Held);
        await _pipe.Writer.WriteAsync(Message(MostBytes, sent: MostBytes));
        using CountedBody taken = new(_pipe.Reader, s_kind, budget, refusal => refusal);
        Assert.Equal(MostBytes + 5, (await taken.ReadAsync()).Buffer.Length);
    }

    private static byte[] Message(int length, int sent)
    {
        byte[] message = new byte[5 + sent];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length);
        return message;
    }

    private static async Task<SessionException> MessageRefusalAsync(CountedBody body) =>
        StatusOnTheWire.FromRpc(await Assert.ThrowsAsync<RpcException>(async () => await body.ReadAsync()));
}
