using System;
using System.Globalization;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Server;

/// <summary>Around every call: the one place where a refusal becomes a gRPC status.</summary>
internal sealed class StatusInterceptor(CallsInProgress calls, SessionMaster master) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        AnswerAsync(async () =>
        {
            try
            {
                return await continuation(request, context).ConfigureAwait(false);
            }
            finally
            {
                AddMasterEpoch(context);
            }
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        AnswerAsync(async () =>
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
            return true;
        });

    private void AddMasterEpoch(ServerCallContext context)
    {
        if (master.MasterEpoch is > 0 and var epoch)
        {
            context.ResponseTrailers.Add(
                StatusOnTheWire.MasterEpochTrailer, epoch.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task<T> AnswerAsync<T>(Func<Task<T>> call)
    {
        if (!calls.TryBegin())
        {
            throw StatusOnTheWire.ToRpc(Stopping());
        }

        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw ToRpc(error);
        }
        finally
        {
            calls.End();
        }
    }

    private static RpcException ToRpc(Exception error) => StatusOnTheWire.ToRpc(error switch
    {
        OperationCanceledException or SessionException { Status: SessionStatus.Cancelled } => Stopping(),
        SessionException refusal => Shortened(refusal),
        _ => new SessionException(SessionStatus.Internal, $"{error.GetType().Name}: {error.Message}", error),
    });

    // In the process a call on a stopped master is cancelled; a follower shall try again, and elsewhere: nothing was done.
    private static SessionException Stopping() => new(SessionStatus.NotLeader, "the master stops");

    private static SessionException Shortened(SessionException error) => error.Message.Length <= Limits.MaxErrorTextLength
        ? error
        : new SessionException(error.Status, error.Message[..Limits.MaxErrorTextLength] + "...", error)
        {
            LeaderHint = error.LeaderHint,
            RetryAfterMs = error.RetryAfterMs,
            IsOutcomeUnknown = error.IsOutcomeUnknown,
        };
}
