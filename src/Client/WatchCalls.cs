using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Follower;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Client;

/// <summary>
/// Watches of whoever leads: one stream of events over the streams of masters, of which one follows the other. <see cref="WatchRun"/> says
/// how each is opened and what is told, <see cref="CallAsk"/> where the next is tried.
/// </summary>
/// <param name="endpoints">The masters.</param>
public sealed class WatchCalls(MasterEndpoints endpoints)
{
    private readonly MasterCalls _calls = new(endpoints);

    /// <summary>Opens a stream at a master.</summary>
    /// <param name="channel">To it.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="options">Of the call.</param>
    public delegate AsyncServerStreamingCall<WatchReply> Opening(GrpcChannel channel, WatchRequest request, CallOptions options);

    /// <summary>For whoever holds no session.</summary>
    public static Opening ForAnybody { get; } =
        (channel, request, options) => new Administration.AdministrationClient(NamedCalls.On(channel)).Watch(request, options);

    /// <summary>What is watched, until its reader has enough.</summary>
    /// <param name="options">What, and from where on.</param>
    /// <param name="open">Opens a stream.</param>
    /// <param name="patienceMs">How long to look for a leader each time; 0: for as long as it takes.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SessionException">
    /// Cancelled; Compacted, where the options do not want a difference; what a master refuses it with.
    /// </exception>
    public async IAsyncEnumerable<SessionEvent> WatchAsync(
        WatchOptions options, Opening open, uint patienceMs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(open);
        options.Require();
        WatchRun run = new(options);
        TimeSpan silence = TimeSpan.FromMilliseconds((Limits.WatchSilentMarks * options.ProgressMs) + Limits.DefaultCallTimeoutMs);
        CallAsk? ask = null;
        while (true)
        {
            ask = ask == null || IsWorn(ask, patienceMs) ? NewAsk(patienceMs) : ask;
            Attempt attempt = _calls.Begin(ask.StayAt, mayBeDone: false, cancellation);
            using AsyncServerStreamingCall<WatchReply> stream =
                open(attempt.Channel, RequestOf(options, run), new CallOptions(TraceOnTheWire.Headers, cancellationToken: cancellation));
            SessionException? failure = null;
            while (failure == null)
            {
                (WatchReply? reply, IReadOnlyList<SessionEvent> said, failure) =
                    await NextAsync(stream, attempt, ask, silence, cancellation).ConfigureAwait(false);
                if (reply == null)
                {
                    continue;
                }

                // Whatever comes next, looking for a leader begins anew.
                ask = NewAsk(patienceMs);
                foreach (SessionEvent told in run.Take(said, reply.Revision, reply.MasterEpoch))
                {
                    yield return told;
                }
            }

            await PauseAfterAsync(failure, run, ask, attempt, cancellation).ConfigureAwait(false);
        }
    }

    /// <exception cref="SessionException">The watch ends so.</exception>
    private Task PauseAfterAsync(SessionException failure, WatchRun run, CallAsk ask, Attempt attempt, CancellationToken cancellation)
    {
        if (run.GoesOnAfter(failure))
        {
            // The master leads, and answers: it is asked for all that there is, and not by everybody at once.
            return _calls.PauseAsync((uint)Random.Shared.Next((int)Limits.RetryPauseMs, (int)Limits.MaxRetryPauseMs), mayBeDone: false, cancellation);
        }

        NextMaster next = ask.IsCutShort(failure) ? default : endpoints.NoteFailure(failure, attempt);
        Repeat repeat = ask.Failed(failure, attempt.Master.Address, next, endpoints.Time.NowNs, Random.Shared.NextDouble());
        return ask.End is { } end ? throw end : _calls.PauseAsync(repeat.PauseMs, mayBeDone: false, cancellation);
    }

    private async Task<(WatchReply? Reply, IReadOnlyList<SessionEvent> Said, SessionException? Failure)> NextAsync(
        AsyncServerStreamingCall<WatchReply> stream, Attempt attempt, CallAsk ask, TimeSpan silence, CancellationToken cancellation)
    {
        try
        {
            bool isMore = await stream.ResponseStream.MoveNext(cancellation).WaitAsync(silence, endpoints.Time, cancellation).ConfigureAwait(false);
            if (isMore)
            {
                WatchReply reply = stream.ResponseStream.Current;
                endpoints.Answered(attempt);
                return (reply, WatchEvents.Of(reply), null);
            }

            return (null, [], Silent(attempt, "ended the watch without a word"));
        }
        catch (TimeoutException)
        {
            return (null, [], Silent(attempt, "has said nothing of how far its watch is"));
        }
        catch (Exception error) when (cancellation.IsCancellationRequested && error is OperationCanceledException or RpcException)
        {
            throw MasterCalls.Cancelled(mayBeDone: false);
        }
        catch (ObjectDisposedException)
        {
            // The manager was closed at this very moment.
            throw MasterCalls.Cancelled(mayBeDone: false);
        }
        catch (RpcException error)
        {
            return (null, [], ask.Explain(StatusOnTheWire.FromRpc(error), endpoints.Ended(attempt)));
        }
        catch (SessionException senseless)
        {
            return (null, [], senseless);
        }
    }

    private static SessionException Silent(Attempt attempt, string what) =>
        new(SessionStatus.NoMaster, $"{attempt.Master.Address} {what}") { IsOutcomeUnknown = true };

    private CallAsk NewAsk(uint patienceMs) =>
        new(CallKind.Repeatable, patienceMs == 0 ? Limits.MaxTimeoutMs : patienceMs, endpoints.Time.NowNs);

    /// <summary>Of a watch that takes as long as it takes: no attempt is the last one.</summary>
    private bool IsWorn(CallAsk ask, uint patienceMs) =>
        patienceMs == 0 && ask.DeadlineNs - endpoints.Time.NowNs < Ns.FromMs(Limits.MaxTimeoutMs) / 2;

    private static WatchRequest RequestOf(WatchOptions options, WatchRun run) => new()
    {
        Kinds = (uint)options.Filter.Kinds,
        IdentityPrefix = options.Filter.IdentityPrefix,
        ItemKeyPrefix = options.Filter.ItemKeyPrefix,
        ObjectPrefix = options.Filter.ObjectPrefix,
        AfterRevision = run.After ?? 0,
        WithState = run.WithState,
        ProgressMs = options.ProgressMs,
    };
}
