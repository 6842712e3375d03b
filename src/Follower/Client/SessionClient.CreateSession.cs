using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Client;
using Interop.Sessions.Lease;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Wire = Interop.Sessions.Protocol.V1.Sessions;

namespace Interop.Sessions.Follower.Client;

/// <content>Step 3 of a create, and the re-attach of a session.</content>
internal sealed partial class SessionClient
{
    /// <summary>Gets a session and says when the request was sent (s).</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_create_session.</exception>
    internal Task<(GrantedSession Granted, long SentNs)> CreateSessionAsync(
        ServerDescription description, uint timeoutMs, CancellationToken cancellation)
    {
        // The same nonce in all attempts: a master that has answered before knows it again.
        Protocol.V1.ServerDescription filled = FillIn(description);
        Protocol.V1.Item[] items =
        [
            .. description.Items.Select(item => new Protocol.V1.Item { Key = item.Key, Value = ByteString.CopyFrom(item.Value.Span) }),
        ];
        ulong nonce = SystemRandom.NextUInt64();
        return AskForSessionAsync(
            (client, options) =>
            {
                CreateSessionRequest request = new() { Description = filled, Nonce = nonce };
                request.AbandonedNonces.AddRange(AbandonedOf(description.Identity));
                request.Items.AddRange(items);
                return client.CreateSessionAsync(request, options);
            },
            description.Identity, nonce, items.Length, timeoutMs, cancellation);
    }

    /// <summary>Takes up the session of an earlier process and says when the request was sent (s).</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_reattach_session.</exception>
    internal Task<(GrantedSession Granted, long SentNs)> ReattachSessionAsync(
        ulong sessionId, UInt128 secret, string identity, uint timeoutMs, CancellationToken cancellation)
    {
        ReattachSessionRequest request = new()
        {
            SessionId = sessionId,
            Identity = identity,
            Secret = SecretOnTheWire.ToWire(secret),
            Nonce = SystemRandom.NextUInt64(),
        };
        return AskForSessionAsync(
            (client, options) => client.ReattachSessionAsync(request, options), identity, request.Nonce, items: 0,
            timeoutMs, cancellation);
    }

    private async Task<(GrantedSession Granted, long SentNs)> AskForSessionAsync(
        Func<Wire.SessionsClient, CallOptions, AsyncUnaryCall<CreateSessionReply>> ask, string identity, ulong nonce,
        int items, uint timeoutMs, CancellationToken cancellation)
    {
        long deadlineNs = BootClock.NowNs + (timeoutMs * 1_000_000L);
        bool wasReached = false;
        bool mayBeDone = false;
        SessionException? heard = null;
        string? stayAt = null;
        try
        {
            while (true)
            {
                Attempt attempt = _calls.Begin(stayAt, mayBeDone, cancellation);
                string endpoint = attempt.Master.Address;
                SessionException failure;
                try
                {
                    CreateSessionReply reply = await AttemptAsync(attempt, ask, deadlineNs, mayBeDone, cancellation)
                        .ConfigureAwait(false);
                    GrantedSession granted = await RequireUsableAsync(FromWire(reply, nonce, endpoint)).ConfigureAwait(false);
                    await RequireItemsAsync(reply, items, endpoint).ConfigureAwait(false);
                    endpoints.Answered(attempt.Master);
                    if (IsStillValid(granted, attempt.SentNs))
                    {
                        return (granted, attempt.SentNs);
                    }

                    failure = new SessionException(SessionStatus.TimedOut, "the answer took longer than the lease")
                    {
                        IsOutcomeUnknown = true,
                    };
                }
                catch (ObjectDisposedException)
                {
                    // The manager was closed at this very moment.
                    throw MasterCalls.Cancelled(mayBeDone);
                }
                catch (RpcException error)
                {
                    failure = MasterCalls.Explain(error, attempt, heard);
                }
                catch (SessionException stranger) when (stranger.Status == SessionStatus.NoMaster)
                {
                    failure = stranger;
                }

                bool wasCutShort = ReferenceEquals(failure, heard);
                wasReached |= failure.Status != SessionStatus.NoMaster;
                mayBeDone |= wasCutShort || failure.IsOutcomeUnknown;
                Repeat repeat = wasCutShort ? default : _calls.NoteFailure(failure, attempt.Master, CallKind.Create, deadlineNs);
                if (repeat.Way == RepeatWay.GiveUp)
                {
                    throw IsWaitedFor(failure.Status) ? OutOfTime(failure, wasReached, mayBeDone, timeoutMs)
                        : mayBeDone ? LeftOpen(failure, failure.Status, failure.Message)
                        : failure;
                }

                if (budgets.TrySpend($"create {identity} {failure.Status}", out int leftOut))
                {
                    FollowerLog.CreateRetried(logger, identity, endpoint, failure.Status, failure.Message, leftOut);
                }

                heard = failure;
                stayAt = repeat.Way == RepeatWay.Here ? endpoint : null;
                await MasterCalls.PauseAsync(repeat.PauseMs, mayBeDone, cancellation).ConfigureAwait(false);
            }
        }
        catch (SessionException)
        {
            // Also what was refused: the master may not have got as far as ending it. To name one that made nothing harms nobody.
            Abandon(identity, nonce, fromNs: 0);
            throw;
        }
    }

    /// <summary>Ended by the time-out, not by what the master answered.</summary>
    private static bool IsWaitedFor(SessionStatus status) => status is
        SessionStatus.NoMaster or SessionStatus.NotLeader or SessionStatus.TimedOut or SessionStatus.IdentityInUse or
        SessionStatus.Unsupported;

    private static SessionException OutOfTime(SessionException last, bool wasReached, bool mayBeDone, uint timeoutMs)
    {
        SessionStatus status = last.Status switch
        {
            SessionStatus.NoMaster when wasReached => SessionStatus.TimedOut,
            _ => last.Status,
        };
        return LeftOpen(last, status, $"no session within {timeoutMs} ms: {last.Message}", mayBeDone);
    }

    /// <summary>The last attempt was answered, and an earlier one may have made a session all the same.</summary>
    private static SessionException LeftOpen(SessionException last, SessionStatus status, string message, bool mayBeDone = true) =>
        new(status, message, last)
        {
            LeaderHint = last.LeaderHint,
            RetryAfterMs = last.RetryAfterMs,
            IsOutcomeUnknown = mayBeDone,
        };

    /// <summary>
    /// One attempt. It is not cut off by a cancellation: the master may have granted the session, and only its answer
    /// tells which one to give back.
    /// </summary>
    private async Task<CreateSessionReply> AttemptAsync(
        Attempt attempt, Func<Wire.SessionsClient, CallOptions, AsyncUnaryCall<CreateSessionReply>> ask, long deadlineNs,
        bool mayBeDone, CancellationToken cancellation)
    {
        long attemptEndNs = Math.Min(deadlineNs, attempt.SentNs + (Limits.CreateAttemptMs * 1_000_000L));
        Task<CreateSessionReply> answer = ask(
            new Wire.SessionsClient(NamedCalls.On(attempt.Channel)),
            MasterCalls.OptionsUntil(attemptEndNs, CancellationToken.None)).ResponseAsync;
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellation.Register(cancelled.SetResult))
        {
            if (await Task.WhenAny(answer, cancelled.Task).ConfigureAwait(false) == answer)
            {
                return await answer.ConfigureAwait(false);
            }
        }

        GiveBack(answer);
        throw MasterCalls.Cancelled(mayBeDone || attempt.Master.WasReached);
    }

    private async Task<GrantedSession> RequireUsableAsync(GrantedSession granted)
    {
        try
        {
            SessionLease.RequireUsable(granted.TermMs, bounds);
            return granted;
        }
        catch (SessionException unusable)
        {
            await CloseSessionAsync(granted.Key).ConfigureAwait(false);
            throw LeftOpen(unusable, unusable.Status, unusable.Message);
        }
    }

    /// <summary>
    /// A master of a release that sets no items with a create leaves them out without a word. The next attempt would find the same
    /// leader: the session goes back, and whoever asked hears why.
    /// </summary>
    private async Task RequireItemsAsync(CreateSessionReply reply, int items, string endpoint)
    {
        if (reply.ItemsSet < items)
        {
            await CloseSessionAsync(KeyOf(reply)).ConfigureAwait(false);
            throw new SessionException(
                SessionStatus.Unsupported,
                $"{endpoint} has set {reply.ItemsSet} of the {items} items that come with the create: a master that is not of a release " +
                "which does so has made the session, and it was given back");
        }
    }

    private bool IsStillValid(GrantedSession granted, long sentNs) =>
        BootClock.NowNs < LeaseArithmetic.HolderDeadlineNs(
            sentNs, granted.TermMs, bounds.ClockRateBoundPpm, bounds.EffectDelayMs);

    private static Protocol.V1.ServerDescription FillIn(ServerDescription description) => new()
    {
        Identity = description.Identity,
        HostName = description.HostName.Length == 0 ? Environment.MachineName : description.HostName,
        ProcessId = description.ProcessId == 0 ? (uint)Environment.ProcessId : description.ProcessId,
        Capabilities = description.Capabilities,
        Endpoints =
        {
            description.Endpoints.Select(endpoint => new Protocol.V1.Endpoint { Kind = (uint)endpoint.Kind, Address = endpoint.Address }),
        },
        TermMs = description.TermMs,
    };

    /// <exception cref="SessionException">NoMaster: it is no answer to this create, so no master of ours gave it.</exception>
    private static GrantedSession FromWire(CreateSessionReply reply, ulong nonce, string endpoint)
    {
        if (reply.Nonce != nonce || reply.Epoch == 0 || reply.Secret.Length != SecretOnTheWire.Bytes)
        {
            throw new SessionException(
                SessionStatus.NoMaster, $"{endpoint} gave an answer that is none: another connection's, or without epoch or secret")
            {
                IsOutcomeUnknown = true,
            };
        }

        return new GrantedSession
        {
            Key = KeyOf(reply),
            Secret = SecretOnTheWire.FromWire(reply.Secret),
            MasterEpoch = reply.MasterEpoch,
            TermMs = reply.TermMs,
            LongestTermMs = reply.LongestTermMs,
            RenewalIntervalMs = reply.RenewalIntervalMs,
            RenewalPhaseMs = reply.RenewalPhaseMs,
            Capabilities = reply.Capabilities,
            ReportWindow = new ReportWindow(reply.ReportWindow?.StartPid ?? 0, reply.ReportWindow?.ReportSize ?? 0),
        };
    }

    private static SessionKey KeyOf(CreateSessionReply reply) => new(reply.SessionId, reply.Epoch, reply.Nonce);
}
