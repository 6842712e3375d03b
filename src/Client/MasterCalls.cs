using System;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Follower;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Client;

/// <summary>Calls to whoever leads, until the caller's deadline; <see cref="CallAsk"/> says what is made again.</summary>
public sealed class MasterCalls(MasterEndpoints endpoints)
{
    /// <summary>Makes one call, again at another master where that is safe.</summary>
    /// <param name="call">The gRPC method.</param>
    /// <param name="kind">What it would mean to make it again.</param>
    /// <param name="timeoutMs">For all attempts together.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<TReply> CallAsync<TReply>(
        Func<GrpcChannel, CallOptions, AsyncUnaryCall<TReply>> call, CallKind kind, uint timeoutMs,
        CancellationToken cancellation)
    {
        CallAsk ask = new(kind, timeoutMs, endpoints.Time.NowNs);
        while (true)
        {
            Attempt attempt = Begin(ask.StayAt, ask.MayBeDone, cancellation);
            SessionException failure;
            try
            {
                TReply reply = await call(attempt.Channel, OptionsUntil(ask.DeadlineNs, cancellation)).ConfigureAwait(false);
                endpoints.Answered(attempt);
                return reply;
            }
            catch (ObjectDisposedException)
            {
                // The manager was closed at this very moment.
                throw Cancelled(ask.MayBeDone);
            }
            catch (RpcException error)
            {
                if (cancellation.IsCancellationRequested)
                {
                    throw Cancelled(ask.MayBeDone || attempt.Master.WasReached);
                }

                failure = ask.Explain(StatusOnTheWire.FromRpc(error), endpoints.Ended(attempt));
            }

            NextMaster next = ask.IsCutShort(failure) ? default : endpoints.NoteFailure(failure, attempt);
            Repeat repeat = ask.Failed(failure, attempt.Master.Address, next, endpoints.Time.NowNs, Random.Shared.NextDouble());
            if (ask.End is { } end)
            {
                throw end;
            }

            await PauseAsync(repeat.PauseMs, ask.MayBeDone, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>gRPC goes by the wall clock; <see cref="NamedCalls"/> ends what outlives its time because that was set back.</summary>
    public CallOptions OptionsUntil(long deadlineNs, CancellationToken cancellation) =>
        new(
            TraceOnTheWire.Headers, deadline: DateTime.UtcNow + Ns.ToTimeSpan(Ns.Left(deadlineNs, endpoints.Time.NowNs)),
            cancellationToken: cancellation);

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="pauseMs">For so long.</param>
    /// <param name="mayBeDone">By an attempt before.</param>
    /// <param name="cancellation">Of the call.</param>
    /// <exception cref="SessionException">Cancelled.</exception>
    public async Task PauseAsync(uint pauseMs, bool mayBeDone, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(pauseMs), endpoints.Time, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Cancelled(mayBeDone);
        }
    }

    /// <summary>The next attempt; a call for which no caller waits any more is not sent.</summary>
    /// <param name="stayAt">The master that shall be asked again; null: whichever is next.</param>
    /// <param name="mayBeDone">By an attempt before.</param>
    /// <param name="cancellation">Of the call.</param>
    /// <param name="showsSecret">As <see cref="MasterEndpoints.Begin"/>.</param>
    public Attempt Begin(string? stayAt, bool mayBeDone, CancellationToken cancellation, bool showsSecret = false)
    {
        try
        {
            return cancellation.IsCancellationRequested ? throw Cancelled(mayBeDone) : endpoints.Begin(stayAt, showsSecret);
        }
        catch (SessionException closed) when (mayBeDone && !closed.IsOutcomeUnknown)
        {
            throw Cancelled(mayBeDone);
        }
    }

    /// <param name="mayBeDone">Was it sent before it was cancelled?</param>
    public static SessionException Cancelled(bool mayBeDone) => SessionException.CancelledCall(mayBeDone);
}
