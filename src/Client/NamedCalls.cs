using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Interop.Sessions.Client;

/// <summary>Names the call that the other side does not know: of itself gRPC says only that some method is missing.</summary>
public sealed class NamedCalls : Interceptor
{
    private NamedCalls()
    {
    }

    /// <summary>What speaks to a channel; its answers are bounded, too, and end in time.</summary>
    public static CallInvoker On(ChannelBase channel) => channel.Intercept(new BoundedCalls(), new NamedCalls(), new PunctualCalls());

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        AsyncUnaryCall<TResponse> call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            NameAsync(call.ResponseAsync, context.Method.FullName), call.ResponseHeadersAsync, call.GetStatus,
            call.GetTrailers, call.Dispose);
    }

    private static async Task<TResponse> NameAsync<TResponse>(Task<TResponse> response, string method)
    {
        try
        {
            return await response.ConfigureAwait(false);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unimplemented)
        {
            throw new RpcException(
                new Status(StatusCode.Unimplemented, $"it does not know {method}: {error.Status.Detail}", error), error.Trailers);
        }
    }
}
