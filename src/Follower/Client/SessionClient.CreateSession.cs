using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Client;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Wire = Interop.Sessions.Protocol.V1.Sessions;

namespace Interop.Sessions.Follower.Client;

/// <content>Step 3 of a create, and the re-attach of a session.</content>
internal sealed partial class SessionClient
{
    /// <summary>Gets what is wished for and says when the request was sent (s).</summary>
    /// <exception cref="SessionException">As interop_sessions_follower_create_session, or _reattach_session.</exception>
    internal async Task<(GrantedSession Granted, long SentNs)> AskAsync(
        SessionWish wish, string identity, CancellationToken cancellation)
    {
        Func<Wire.SessionsClient, CallOptions, AsyncUnaryCall<CreateSessionReply>> call = CallOf(wish, identity);
        SessionAsk ask = new(wish, bounds, endpoints.Time.NowNs);
        while (true)
        {
            Attempt attempt = _calls.Begin(ask.StayAt, ask.MayBeDone, cancellation, showsSecret: wish.Former != null);
            string endpoint = attempt.Master.Address;
            SessionException failure;
            try
            {
                CreateSessionReply reply = await AttemptAsync(attempt, call, ask, wish, cancellation).ConfigureAwait(false);
                GrantedSession granted = await RequireUsableAsync(FromWire(reply, wish.Nonce, endpoint), wish).ConfigureAwait(false);
                await RequireItemsAsync(reply, wish, endpoint).ConfigureAwait(false);
                endpoints.Answered(attempt);
                if (ask.Judge(granted, attempt.SentNs, endpoints.Time.NowNs) is not { } tooLate)
                {
                    return (granted, attempt.SentNs);
                }

                failure = tooLate;
            }
            catch (ObjectDisposedException)
            {
                // The manager was closed at this very moment.
                throw MasterCalls.Cancelled(ask.MayBeDone);
            }
            catch (RpcException error)
            {
                failure = KeptFrom(ask.Explain(StatusOnTheWire.FromRpc(error), endpoints.Ended(attempt)), attempt);
            }
            catch (SessionException stranger) when (stranger.Status == SessionStatus.NoMaster)
            {
                failure = stranger;
            }

            NextMaster next = ask.IsCutShort(failure) ? default
                : endpoints.NoteFailure(SessionAsk.SeenAs(failure), attempt);
            Repeat repeat = ask.Failed(failure, endpoint, next, endpoints.Time.NowNs, Random.Shared.NextDouble());
            if (ask.End is { } end)
            {
                throw end;
            }

            if (budgets.TrySpend($"create {identity} {failure.Status}", out int leftOut))
            {
                FollowerLog.CreateRetried(logger, identity, endpoint, failure.Status, failure.Message, leftOut);
            }

            await _calls.PauseAsync(repeat.PauseMs, ask.MayBeDone, cancellation).ConfigureAwait(false);
        }
    }

    private SessionException KeptFrom(SessionException failure, Attempt attempt) => !endpoints.IsKeptFrom(failure, attempt) ? failure
        : new SessionException(
            failure.Status,
            $"{failure.Message}; {failure.LeaderHint} is shown no secret, since it is not among the endpoints and no TLS verifies it", failure)
        {
            LeaderHint = failure.LeaderHint,
        };

    private Func<Wire.SessionsClient, CallOptions, AsyncUnaryCall<CreateSessionReply>> CallOf(SessionWish wish, string identity)
    {
        ByteString secretHash = SecretOnTheWire.ToWire(wish.Connection.Told.SecretHash);
        if (wish.Former is { } former)
        {
            ReattachSessionRequest reattach = new()
            {
                SessionId = former.SessionId,
                Identity = identity,
                Secret = SecretOnTheWire.ToWire(former.Secret),
                Nonce = wish.Nonce,
                SecretHash = secretHash,
            };
            FollowerLog.CreateStep(logger, "3/6 SessionClient sends the secret of the former process's session", identity);
            return (client, options) => client.ReattachSessionAsync(reattach, options);
        }

        Protocol.V1.ServerDescription filled = FillIn(wish.Description!);
        FollowerLog.CreateStep(logger, "3/6 SessionClient fills in the session item and sends it", identity);
        Protocol.V1.Item[] items =
        [
            .. wish.Description!.Items.Select(item => new Protocol.V1.Item { Key = item.Key, Value = ByteString.CopyFrom(item.Value.Span) }),
        ];
        return (client, options) =>
        {
            CreateSessionRequest request = new() { Description = filled, Nonce = wish.Nonce, SecretHash = secretHash };
            request.AbandonedNonces.AddRange(AbandonedOf(identity));
            request.Items.AddRange(items);
            return client.CreateSessionAsync(request, options);
        };
    }

    /// <summary>
    /// One attempt. A cancellation does not cut the attempt off: the master may have granted the session, and only the answer
    /// tells which one to give back.
    /// </summary>
    private async Task<CreateSessionReply> AttemptAsync(
        Attempt attempt, Func<Wire.SessionsClient, CallOptions, AsyncUnaryCall<CreateSessionReply>> call, SessionAsk ask,
        SessionWish wish, CancellationToken cancellation)
    {
        Task<CreateSessionReply> answer = call(
            new Wire.SessionsClient(NamedCalls.On(attempt.Channel)),
            _calls.OptionsUntil(ask.AttemptEndNs(attempt.SentNs), CancellationToken.None)).ResponseAsync;
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellation.Register(cancelled.SetResult))
        {
            if (await Task.WhenAny(answer, cancelled.Task).ConfigureAwait(false) == answer)
            {
                return await answer.ConfigureAwait(false);
            }
        }

        GiveBack(answer, wish);
        // It goes on, even while it dials still.
        throw MasterCalls.Cancelled(mayBeDone: true);
    }

    private async Task<GrantedSession> RequireUsableAsync(GrantedSession granted, SessionWish wish)
    {
        try
        {
            SessionLease.RequireUsable(granted.TermMs, bounds.Beside(granted.ClockRateBoundPpm));
            return granted;
        }
        catch (SessionException unusable)
        {
            await CloseSessionAsync(granted.Key, wish.EffectsOverNs(bounds, endpoints.Time.NowNs)).ConfigureAwait(false);
            throw RepeatRules.LeftOpen(unusable, unusable.Status, unusable.Message);
        }
    }

    /// <summary>
    /// A master of a release that sets no items with a create leaves them out without a word. The next attempt would find the
    /// same leader: the session goes back, and the caller hears why.
    /// </summary>
    private async Task RequireItemsAsync(CreateSessionReply reply, SessionWish wish, string endpoint)
    {
        int items = wish.Description?.Items.Count ?? 0;
        if (reply.ItemsSet < items)
        {
            await CloseSessionAsync(KeyOf(reply), wish.EffectsOverNs(bounds, endpoints.Time.NowNs)).ConfigureAwait(false);
            throw new SessionException(
                SessionStatus.Unsupported,
                $"{endpoint} has set {reply.ItemsSet} of the {items} items that come with the create: a master that is not of a release " +
                "which does so has made the session, and it was given back")
            {
                IsOutcomeUnknown = true,
            };
        }
    }

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
        Weight = description.Weight,
    };

    /// <exception cref="SessionException">NoMaster: it is no answer to this create, so no master of ours gave it.</exception>
    private static GrantedSession FromWire(CreateSessionReply reply, ulong nonce, string endpoint)
    {
        if (reply.Nonce != nonce || !GrantedNumbers.IsSession(KeyOf(reply), reply.MasterEpoch))
        {
            throw new SessionException(
                SessionStatus.NoMaster,
                $"{endpoint} gave an answer that is none: another connection's, or session {Notation.OfSession(reply.SessionId)} of epoch " +
                $"{reply.Epoch} and master epoch {reply.MasterEpoch}")
            {
                IsOutcomeUnknown = true,
            };
        }

        return new GrantedSession
        {
            Key = KeyOf(reply),
            MasterEpoch = reply.MasterEpoch,
            TermMs = reply.TermMs,
            LongestTermMs = reply.LongestTermMs,
            ClockRateBoundPpm = reply.ClockRateBoundPpm,
            RenewalIntervalMs = reply.RenewalIntervalMs,
            RenewalPhaseMs = reply.RenewalPhaseMs,
            Capabilities = reply.Capabilities,
            ReportWindow = new ReportWindow(reply.ReportWindow?.StartPid ?? 0, reply.ReportWindow?.ReportSize ?? 0),
        };
    }

    private static SessionKey KeyOf(CreateSessionReply reply) => new(reply.SessionId, reply.Epoch, reply.Nonce);
}
