using System;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>Calls to whoever leads, until the caller's deadline; <see cref="RepeatRules"/> says what is made again.</summary>
internal sealed class MasterCalls(MasterEndpoints endpoints)
{
    /// <summary>Makes one call, again at another master where that is safe.</summary>
    /// <param name="call">The gRPC method.</param>
    /// <param name="kind">What it would mean to make it again.</param>
    /// <param name="timeoutMs">For all attempts together.</param>
    /// <param name="cancellation">Ends it early.</param>
    internal async Task<TReply> CallAsync<TReply>(
        Func<GrpcChannel, CallOptions, AsyncUnaryCall<TReply>> call, CallKind kind, uint timeoutMs,
        CancellationToken cancellation)
    {
        long deadlineNs = BootClock.NowNs + (timeoutMs * 1_000_000L);
        SessionException? heard = null;
        bool mayBeDone = false;
        while (true)
        {
            string endpoint = endpoints.Current;
            long sentNs = BootClock.NowNs;
            Repeat repeat;
            try
            {
                TReply reply = await call(endpoints.ChannelTo(endpoint), OptionsUntil(deadlineNs, cancellation)).ConfigureAwait(false);
                endpoints.Answered(endpoint);
                return reply;
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
                bool wasCutShort = ReferenceEquals(failure, heard);
                mayBeDone |= failure.IsOutcomeUnknown || wasCutShort;
                repeat = wasCutShort ? default : NoteFailure(failure, endpoint, kind, deadlineNs);
                if (repeat.Way == RepeatWay.GiveUp)
                {
                    throw mayBeDone ? NotSaidToBeUndone(failure, kind) : failure;
                }

                heard = failure;
            }

            await PauseAsync(repeat.PauseMs, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Tells the endpoints of a failed attempt, and asks the rules.</summary>
    internal Repeat NoteFailure(SessionException failure, string endpoint, CallKind kind, long deadlineNs)
    {
        // Every master knows a create: who does not is no master for this follower, though it answers.
        SessionException seen = kind == CallKind.Create && failure.Status == SessionStatus.Unsupported
            ? new SessionException(SessionStatus.NoMaster, failure.Message, failure)
            : failure;
        NextMaster next = endpoints.NoteFailure(seen, endpoint);
        return RepeatRules.After(
            new FailedAttempt(
                kind, failure.Status, failure.IsOutcomeUnknown, failure.RetryAfterMs, next,
                LeftMs(deadlineNs)),
            Random.Shared.NextDouble());
    }

    /// <summary>What a failed attempt says of its master; if it was cut short, what was <paramref name="heard"/> before.</summary>
    internal SessionException Explain(RpcException error, string endpoint, long sentNs, SessionException? heard)
    {
        SessionException failure = StatusOnTheWire.FromRpc(error);
        if (error.StatusCode == StatusCode.Cancelled && failure.Status == SessionStatus.Cancelled)
        {
            // Not by the caller: the connection was given up under the call.
            return Unanswered(SessionStatus.NoMaster, $"the connection to {endpoint} broke", error);
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

        return endpoints.Unanswered(endpoint) is { } unanswered
            ? new SessionException(SessionStatus.NoMaster, unanswered, error) { IsOutcomeUnknown = endpoints.WasReached(endpoint) }
            : Unanswered(SessionStatus.TimedOut, $"{endpoint} gave no answer in time", error);
    }

    internal static CallOptions OptionsUntil(long deadlineNs, CancellationToken cancellation) =>
        new(deadline: DateTime.UtcNow.AddTicks(Math.Max(0, deadlineNs - BootClock.NowNs) / 100), cancellationToken: cancellation);

    /// <summary>Rounded up, so that no call gives up earlier than the rules say.</summary>
    private static long LeftMs(long deadlineNs) => (deadlineNs - BootClock.NowNs + 999_999) / 1_000_000;

    internal static async Task PauseAsync(uint pauseMs, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay((int)pauseMs, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Cancelled();
        }
    }

    internal static SessionException Cancelled() =>
        new(SessionStatus.Cancelled, "cancelled, or the follower was closed meanwhile");

    private static SessionException Unanswered(SessionStatus status, string message, RpcException error) =>
        new(status, message, error) { IsOutcomeUnknown = true };

    /// <summary>
    /// The last attempt's NOT_LEADER says that it did nothing; an earlier one may have done it all the same.
    /// </summary>
    private static SessionException NotSaidToBeUndone(SessionException last, CallKind kind) =>
        last.Status is not SessionStatus.NotLeader || kind is not (CallKind.NumberedWrite or CallKind.Once) ? last
        : new SessionException(SessionStatus.TimedOut, $"it may have been done: an attempt was not answered, and then {last.Message}", last)
        {
            IsOutcomeUnknown = true,
        };
}
