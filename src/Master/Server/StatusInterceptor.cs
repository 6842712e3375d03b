using System;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Server;

/// <summary>The one place where a refusal becomes a gRPC status.</summary>
internal sealed class StatusInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw ToRpc(error);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw ToRpc(error);
        }
    }

    private static RpcException ToRpc(Exception error) => StatusOnTheWire.ToRpc(error switch
    {
        SessionException refusal => Shortened(refusal),
        OperationCanceledException => new SessionException(SessionStatus.Cancelled, "the master stops"),
        _ => new SessionException(SessionStatus.Internal, $"{error.GetType().Name}: {error.Message}", error),
    });

    private static SessionException Shortened(SessionException error) => error.Message.Length <= Limits.MaxErrorTextLength
        ? error
        : new SessionException(error.Status, error.Message[..Limits.MaxErrorTextLength] + "...", error)
        {
            LeaderHint = error.LeaderHint,
        };
}
