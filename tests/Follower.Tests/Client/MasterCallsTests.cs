using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>How long an attempt is waited for.</summary>
public sealed class MasterCallsTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public async Task An_attempt_ends_at_its_time_though_gRPC_s_deadline_goes_by_a_clock_that_was_set_back()
    {
        long startNs = BootClock.NowNs;

        RpcException end = await Assert.ThrowsAsync<RpcException>(
            () => MasterCalls.AnswerAsync(WithoutDeadline, startNs + (50 * Ms), CancellationToken.None)
                .WaitAsync(Support.Eventually.Patience));

        Assert.Equal((StatusCode.DeadlineExceeded, ""), (end.StatusCode, end.Status.Detail));
        Assert.True(BootClock.NowNs - startNs >= 50 * Ms);
    }

    [Fact]
    public async Task One_that_its_caller_cancels_was_cancelled()
    {
        using CancellationTokenSource caller = new();
        Task<SetItemReply> attempt = MasterCalls.AnswerAsync(WithoutDeadline, BootClock.NowNs + (600_000 * Ms), caller.Token);

        await caller.CancelAsync();

        RpcException end = await Assert.ThrowsAsync<RpcException>(() => attempt.WaitAsync(Support.Eventually.Patience));
        Assert.Equal(StatusCode.Cancelled, end.StatusCode);
    }

    /// <summary>A call whose deadline never comes.</summary>
    private static AsyncUnaryCall<SetItemReply> WithoutDeadline(CallOptions options)
    {
        TaskCompletionSource<SetItemReply> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        options.CancellationToken.Register(
            () => answer.SetException(new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "given up"))));
        return new AsyncUnaryCall<SetItemReply>(
            answer.Task, Task.FromResult(Metadata.Empty), () => Grpc.Core.Status.DefaultSuccess, () => Metadata.Empty, () => { });
    }
}
