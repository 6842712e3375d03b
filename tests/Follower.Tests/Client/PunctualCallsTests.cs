using System;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Client;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>Calls whose deadline never comes by the clock that gRPC goes by.</summary>
public sealed class PunctualCallsTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public async Task A_call_ends_at_its_time_though_the_wall_clock_was_set_back_and_lets_its_stream_go()
    {
        WaitingChannel channel = new();
        long startNs = BootClock.NowNs;

        RpcException end = await Assert.ThrowsAsync<RpcException>(
            () => new Protocol.V1.Sessions.SessionsClient(NamedCalls.On(channel))
                .SetItemAsync(new SetItemRequest(), deadline: DateTime.UtcNow.AddMilliseconds(50))
                .ResponseAsync.WaitAsync(Eventually.Patience));

        Assert.Equal((StatusCode.DeadlineExceeded, ""), (end.StatusCode, end.Status.Detail));
        Assert.True(BootClock.NowNs - startNs >= 50 * Ms);
        Assert.True(channel.IsDisposed);
    }

    /// <summary>Its calls are not answered, and end at no deadline.</summary>
    private sealed class WaitingChannel() : ChannelBase("waiting")
    {
        internal bool IsDisposed { get; private set; }

        public override CallInvoker CreateCallInvoker() => new Invoker(this);

        private sealed class Invoker(WaitingChannel channel) : CallInvoker
        {
            public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
                Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
                    new TaskCompletionSource<TResponse>().Task, Task.FromResult(Metadata.Empty),
                    () => Grpc.Core.Status.DefaultSuccess, () => Metadata.Empty, () => channel.IsDisposed = true);

            public override TResponse BlockingUnaryCall<TRequest, TResponse>(
                Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
                throw new NotSupportedException();

            public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
                Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
                throw new NotSupportedException();

            public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
                Method<TRequest, TResponse> method, string? host, CallOptions options) =>
                throw new NotSupportedException();

            public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
                Method<TRequest, TResponse> method, string? host, CallOptions options) =>
                throw new NotSupportedException();
        }
    }
}
