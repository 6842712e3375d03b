using System;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>Calls to whoever leads: follows redirects, tries again until the caller's deadline.</summary>
internal sealed class MasterCalls(MasterEndpoints endpoints)
{
    /// <summary>Makes one call, again at another master where that is safe.</summary>
    /// <param name="call">The gRPC method.</param>
    /// <param name="canRepeat">
    /// Has the call the same effect twice? If not, it is repeated only where a master said that it did nothing.
    /// </param>
    /// <param name="timeoutMs">For all attempts together.</param>
    /// <param name="cancellation">Ends it early.</param>
    internal async Task<TReply> CallAsync<TReply>(
        Func<GrpcChannel, CallOptions, AsyncUnaryCall<TReply>> call, bool canRepeat, uint timeoutMs,
        CancellationToken cancellation)
    {
        long deadlineNs = BootClock.NowNs + (timeoutMs * 1_000_000L);
        SessionException? heard = null;
        while (true)
        {
            string endpoint = endpoints.Current;
            long sentNs = BootClock.NowNs;
            try
            {
                return await call(endpoints.ChannelTo(endpoint), OptionsUntil(deadlineNs, cancellation)).ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // The manager was closed at this very moment.
                throw Cancelled();
            }
            catch (RpcException error)
            {
                if (cancellation.IsCancellationRequested)
                {
                    throw Cancelled();
                }

                SessionException failure = Explain(error, endpoint, sentNs, heard);
                endpoints.NoteFailure(failure, endpoint);
                heard = failure;
                bool isSafe = failure.Status == SessionStatus.NotLeader ||
                    (failure.Status == SessionStatus.NoMaster && canRepeat);
                if (!isSafe || BootClock.NowNs + (Limits.RetryPauseMs * 1_000_000L) >= deadlineNs)
                {
                    throw failure;
                }
            }

            await PauseAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What a failed attempt says of its master; if it was cut short, what was <paramref name="heard"/> before.</summary>
    internal SessionException Explain(RpcException error, string endpoint, long sentNs, SessionException? heard)
    {
        SessionException failure = StatusOnTheWire.FromRpc(error);
        if (error.StatusCode == StatusCode.Cancelled && failure.Status == SessionStatus.Cancelled)
        {
            // Not by the caller: the connection was given up under the call.
            return new SessionException(SessionStatus.NoMaster, $"the connection to {endpoint} broke", error);
        }

        if (failure.Status == SessionStatus.Unsupported)
        {
            return new SessionException(failure.Status, $"{endpoint}: {failure.Message}", error)
            {
                IsOutcomeUnknown = failure.IsOutcomeUnknown,
            };
        }

        if (failure.Status != SessionStatus.TimedOut || failure.Message.Length > 0)
        {
            return failure;
        }

        if (heard != null && BootClock.NowNs - sentNs < Limits.TellingAttemptMs * 1_000_000L)
        {
            return heard;
        }

        return endpoints.IsDialling(endpoint)
            ? new SessionException(SessionStatus.NoMaster, $"{endpoint} does not answer the dial", error)
            : new SessionException(SessionStatus.TimedOut, $"{endpoint} gave no answer in time", error);
    }

    internal static CallOptions OptionsUntil(long deadlineNs, CancellationToken cancellation) =>
        new(deadline: DateTime.UtcNow.AddTicks(Math.Max(0, deadlineNs - BootClock.NowNs) / 100), cancellationToken: cancellation);

    internal static async Task PauseAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay((int)Limits.RetryPauseMs, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Cancelled();
        }
    }

    internal static SessionException Cancelled() =>
        new(SessionStatus.Cancelled, "cancelled, or the follower was closed meanwhile");
}
