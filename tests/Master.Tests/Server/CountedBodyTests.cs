using System;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Server;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>A request's bytes as gRPC reads them.</summary>
public sealed class CountedBodyTests
{
    private const int MostBytes = 1000;
    private static readonly RequestKind s_kind = new(CallClass.KeepAlive, "KeepAliveRequest", MostBytes, ServedServices.Sessions);
    private readonly Pipe _pipe = new();

    [Fact]
    public async Task Messages_that_wait_are_each_within_the_bound_though_together_they_are_beyond_it()
    {
        CountedBody body = new(_pipe.Reader, s_kind, holding: null, refusal => refusal);
        byte[] sent = [.. Enumerable.Range(0, 5).SelectMany(_ => Message(MostBytes, MostBytes))];
        await _pipe.Writer.WriteAsync(sent);

        ReadResult read = await body.ReadAsync();

        Assert.Equal(sent.Length, read.Buffer.Length);
    }

    [Fact]
    public async Task A_message_that_will_be_too_long_is_refused_by_what_it_says_of_itself()
    {
        CountedBody body = new(_pipe.Reader, s_kind, holding: null, refusal => refusal);
        await _pipe.Writer.WriteAsync(Message(MostBytes + 1, sent: 0));

        SessionException refusal = await MessageRefusalAsync(body);

        Assert.Equal(SessionStatus.TooLong, refusal.Status);
        Assert.Equal($"KeepAliveRequest has {MostBytes + 1} bytes; the limit is {MostBytes}", refusal.Message);
    }

    [Fact]
    public async Task What_others_are_sending_is_counted_until_their_requests_are_over()
    {
        SharedBudget budget = new("requests", 1500);
        RequestHolding other = await HalfSentAsync(budget, new ByteBudget(1500));
        await _pipe.Writer.WriteAsync(Message(MostBytes, sent: MostBytes - 1));

        using (RequestHolding refused = Holding(budget, new ByteBudget(1500)))
        {
            SessionException refusal = await MessageRefusalAsync(new CountedBody(_pipe.Reader, s_kind, refused, refusal => refusal));
            Assert.Equal((SessionStatus.Overloaded, Limits.WireRetryMs), (refusal.Status, refusal.RetryAfterMs));
            Assert.StartsWith("all connections' requests", refusal.Message, StringComparison.Ordinal);
        }

        other.Dispose();
        other.Dispose();
        Assert.Equal(0, budget.Held);
        await _pipe.Writer.WriteAsync(Message(MostBytes, sent: MostBytes));
        using RequestHolding holding = Holding(budget, new ByteBudget(1500));
        CountedBody taken = new(_pipe.Reader, s_kind, holding, refusal => refusal);
        Assert.Equal(MostBytes + 5, (await taken.ReadAsync()).Buffer.Length);
    }

    [Fact]
    public async Task What_a_connection_is_sending_leaves_the_room_of_others()
    {
        SharedBudget budget = new("requests", 4000);
        ByteBudget share = new(1500);
        using RequestHolding former = await HalfSentAsync(budget, share);
        await _pipe.Writer.WriteAsync(Message(MostBytes, sent: MostBytes - 1));
        using RequestHolding same = Holding(budget, share);
        using RequestHolding other = Holding(budget, new ByteBudget(1500));

        SessionException refusal = await MessageRefusalAsync(new CountedBody(_pipe.Reader, s_kind, same, refusal => refusal));

        Assert.StartsWith("this connection's requests", refusal.Message, StringComparison.Ordinal);
        await _pipe.Writer.WriteAsync(Message(MostBytes, sent: MostBytes));
        Assert.Equal(MostBytes + 5, (await new CountedBody(_pipe.Reader, s_kind, other, refusal => refusal).ReadAsync()).Buffer.Length);
    }

    [Fact]
    public async Task What_does_not_come_is_given_up_after_some_seconds_and_what_comes_slowly_later()
    {
        SharedBudget budget = new("requests", 1_000_000);
        using VirtualTime time = new();
        int cut = 0;
        using RequestHolding silent = new(budget, new ByteBudget(1_000_000), () => cut++, time);
        using RequestHolding slow = new(budget, new ByteBudget(1_000_000), () => cut += 10, time);
        using RequestHolding here = new(budget, new ByteBudget(1_000_000), () => cut += 100, time);
        Pipe half = new();
        await half.Writer.WriteAsync(Message(MostBytes, sent: 0));
        await half.Writer.CompleteAsync();
        await new CountedBody(half.Reader, s_kind, here, refusal => refusal).ReadAsync();
        Task<ReadResult> never = new CountedBody(_pipe.Reader, s_kind, silent, refusal => refusal).ReadAsync().AsTask();
        slow.Await();

        time.Pass(Limits.RequestPatienceMs - 1);
        slow.Hold(Limits.LeastRequestBytesPerMs * 3000L);
        Assert.Equal(0, cut);
        time.Pass(1);
        Assert.Equal(1, cut);
        time.Pass(2999);
        Assert.Equal(1, cut);
        time.Pass(1);
        Assert.Equal(11, cut);
        Assert.False(never.IsCompleted);
    }

    private static RequestHolding Holding(SharedBudget budget, ByteBudget share) => new(budget, share, () => { }, BootTime.OfMachine);

    private static async Task<RequestHolding> HalfSentAsync(SharedBudget budget, ByteBudget share)
    {
        Pipe pipe = new();
        RequestHolding holding = Holding(budget, share);
        CountedBody body = new(pipe.Reader, s_kind, holding, refusal => refusal);
        await pipe.Writer.WriteAsync(Message(MostBytes, sent: MostBytes - 1));
        ReadResult part = await body.ReadAsync();
        body.AdvanceTo(part.Buffer.Start, part.Buffer.End);
        return holding;
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
