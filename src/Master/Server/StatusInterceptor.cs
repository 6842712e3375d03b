using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Interop.Sessions.Master.Server;

/// <summary>Around every call: the one place where a refusal becomes a gRPC status.</summary>
internal sealed class StatusInterceptor(CallsInProgress calls, CallGate gate, SessionVerbs verbs, ServedAddresses addresses) : Interceptor
{
    /// <summary>Calls that succeed only for a caller that has, or gets, a session.</summary>
    private static readonly HashSet<string> s_ofHolders =
        [.. Protocol.V1.Sessions.Descriptor.Methods.Select(method => $"/{method.Service.FullName}/{method.Name}")];

    private readonly ReplyBudgets _replyBytes = new();

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        AnswerAsync(context, async () =>
        {
            SessionStatus status = SessionStatus.Internal;
            try
            {
                // On the threads for calls again: a large answer is written there. Until then it is rows that point to the table's own
                // values, of as many lists as may be in progress; bytes of its own it has from here on.
                TResponse answer = await continuation(request, context).ConfigureAwait(true);
                HttpContext http = context.GetHttpContext();
                ClientConnection connection = http.Features.GetRequiredFeature<ClientConnection>();
                ReplyHolding.Take(_replyBytes, (IMessage)answer, http, connection);
                if (s_ofHolders.Contains(context.Method))
                {
                    gate.Prove(connection, HeldSession.Of(request, answer));
                }

                status = SessionStatus.Ok;
                return answer;
            }
            catch (SessionException refusal)
            {
                status = refusal.Status;
                throw;
            }
            finally
            {
                AddMasterEpoch(context);
                if (TraceOnTheWire.Of(context.RequestHeaders) is { } trace)
                {
                    verbs.NoteTraced(context.Method, trace, status);
                }
            }
        });

    /// <summary>Watches; but health's would last for as long as its caller likes, in a place of another call.</summary>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) => RequestKind.Of(context.Method).Class != CallClass.Watch
        ? throw new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, "this master does not serve Watch: ask Check again and again"))
        : AnswerAsync(context, async () =>
        {
            // On the threads for calls, where the stream goes on.
            await continuation(request, responseStream, context).ConfigureAwait(true);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        AnswerAsync(context, async () =>
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
            return true;
        });

    private void AddMasterEpoch(ServerCallContext context)
    {
        if (verbs.ActingEpoch is { } epoch)
        {
            context.ResponseTrailers.Add(
                StatusOnTheWire.MasterEpochTrailer, epoch.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task<T> AnswerAsync<T>(ServerCallContext context, Func<Task<T>> call)
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
            throw StatusOnTheWire.ToRpc(addresses.Told(RequestKind.Of(context.Method).Service, ToRefusal(error)));
        }
        finally
        {
            calls.End();
        }
    }

    private static SessionException ToRefusal(Exception error) => error switch
    {
        SessionException { Status: SessionStatus.Cancelled } cut => Stopping(cut.IsOutcomeUnknown),
        OperationCanceledException => Stopping(),
        SessionException refusal => Shortened(refusal),
        // Nobody knows how far it got.
        _ => new SessionException(SessionStatus.Internal, $"{error.GetType().Name}: {error.Message}", error) { IsOutcomeUnknown = true },
    };

    // In the process a call on a stopped master is cancelled; a follower shall try again, and elsewhere.
    private static SessionException Stopping(bool mayBeDone = false) =>
        new(SessionStatus.NotLeader, "the master stops") { IsOutcomeUnknown = mayBeDone };

    private static SessionException Shortened(SessionException error) => error.Message.Length <= Limits.MaxErrorTextLength
        ? error
        : new SessionException(error.Status, error.Message[..Limits.MaxErrorTextLength] + "...", error)
        {
            LeaderHint = error.LeaderHint,
            RetryAfterMs = error.RetryAfterMs,
            IsOutcomeUnknown = error.IsOutcomeUnknown,
        };
}
