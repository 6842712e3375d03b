using System;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Interop.Sessions.Client;

/// <summary>
/// Ends a call a moment after its deadline where gRPC does not: a call that fails in its own beginnings, for lack of memory or
/// a descriptor, is not ended by gRPC; and where the wall clock is set back, gRPC waits until that comes to the deadline again.
/// </summary>
internal sealed class PunctualCalls : Interceptor
{
    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        AsyncUnaryCall<TResponse> call = continuation(request, context);
        return context.Options.Deadline is not { } deadline ? call : new AsyncUnaryCall<TResponse>(
            EndAsync(call, deadline - DateTime.UtcNow), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private static async Task<TResponse> EndAsync<TResponse>(AsyncUnaryCall<TResponse> call, TimeSpan left)
    {
        TimeSpan patience = (left > TimeSpan.Zero ? left : TimeSpan.Zero) + TimeSpan.FromMilliseconds(Limits.DeadlineGraceMs);
        try
        {
            return await call.ResponseAsync.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            call.Dispose();
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, ""));
        }
    }
}
