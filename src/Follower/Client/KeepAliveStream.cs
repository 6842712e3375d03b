using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Microsoft.Extensions.Logging;
using Wire = Interop.Sessions.Protocol.V1.Sessions;

namespace Interop.Sessions.Follower.Client;

/// <summary>
/// All renewals of a process over one bidirectional stream, batched: what is waiting goes out in one message. An answer that
/// does not come within the interval means a new connection, to the next master; there is no back-off while leases live.
/// </summary>
internal sealed class KeepAliveStream : IDisposable
{
    private readonly MasterEndpoints _endpoints;
    private readonly Action<RenewalAnswer, long> _deliver;
    private readonly ILogger _logger;
    private readonly WaitingRenewals _waiting = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Endpoints whose failure was logged since a stream last worked: once each, not ten times a second.</summary>
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);
    private readonly Task _pump;

    /// <summary>Starts it; it dials when there is something to renew.</summary>
    /// <param name="endpoints">The masters.</param>
    /// <param name="deliver">Takes an answer and the s of its request; must not block.</param>
    /// <param name="logger">Where to log.</param>
    internal KeepAliveStream(MasterEndpoints endpoints, Action<RenewalAnswer, long> deliver, ILogger logger)
    {
        _endpoints = endpoints;
        _deliver = deliver;
        _logger = logger;
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Sends a renewal as soon as possible; never blocks.</summary>
    internal void Renew(PendingRenewal renewal) => _waiting.Add(renewal);

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _pump.Wait();
        _closing.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                // What a broken stream left unsent or unanswered goes out at once on the next.
                await _waiting.WaitAsync(_closing.Token).ConfigureAwait(false);
                string endpoint = _endpoints.Current;
                string reason = await ConverseAsync(endpoint).ConfigureAwait(false);
                _closing.Token.ThrowIfCancellationRequested();
                _waiting.DropStale();
                if (_failing.Add(endpoint))
                {
                    FollowerLog.StreamRedialled(_logger, endpoint, reason);
                }

                await Task.Delay((int)Limits.RetryPauseMs, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    /// <summary>Uses one stream until it breaks; says why it did.</summary>
    private async Task<string> ConverseAsync(string endpoint)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        try
        {
            using AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> call =
                new Wire.SessionsClient(_endpoints.ChannelTo(endpoint)).KeepAlive(cancellationToken: over.Token);
            Outstanding outstanding = new();
            Task<string> receiving = ReceiveAsync(call, endpoint, outstanding);
            string reason = await SendAsync(call, endpoint, receiving, outstanding, over.Token).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            string receiveReason = await receiving.ConfigureAwait(false);
            _waiting.PutBack(outstanding.Unanswered());
            return reason.Length > 0 ? reason : receiveReason;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever it was: the leases of the whole process hang on the next stream.
            await over.CancelAsync().ConfigureAwait(false);
            _endpoints.MoveOnFrom(endpoint);
            return error.Message;
        }
    }

    /// <summary>Sends batches until the stream breaks or an answer is late.</summary>
    private async Task<string> SendAsync(
        AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> call, string endpoint, Task receiving,
        Outstanding outstanding, CancellationToken over)
    {
        Task more = _waiting.WaitAsync(over);
        while (!receiving.IsCompleted)
        {
            if (BootClock.NowNs >= outstanding.LateAtNs)
            {
                // A peer that went away without a word leaves a connection that looks well for minutes.
                _endpoints.Disconnect(endpoint);
                return "no answer within the renewal interval";
            }

            await Task.WhenAny(more, receiving, UntilLateAsync(outstanding, over)).ConfigureAwait(false);
            if (more.IsCompleted)
            {
                await more.ConfigureAwait(false);
                if (await WriteAsync(call, outstanding, over).ConfigureAwait(false) is { } reason)
                {
                    return reason;
                }

                more = _waiting.WaitAsync(over);
            }
        }

        return "";
    }

    private static Task UntilLateAsync(Outstanding outstanding, CancellationToken over)
    {
        long lateAtNs = outstanding.LateAtNs;
        return lateAtNs == long.MaxValue
            ? Task.Delay(Timeout.Infinite, over)
            : Task.Delay((int)Math.Clamp((lateAtNs - BootClock.NowNs + 999_999) / 1_000_000, 1, Limits.MaxTermMs), over);
    }

    /// <summary>Sends one batch; says why it could not be sent.</summary>
    private async Task<string?> WriteAsync(
        AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> call, Outstanding outstanding, CancellationToken over)
    {
        List<PendingRenewal> batch = _waiting.Take();
        KeepAliveRequest request = outstanding.Register(batch);
        try
        {
            using CancellationTokenSource writing = CancellationTokenSource.CreateLinkedTokenSource(over);
            writing.CancelAfter((int)Math.Max(batch[0].IntervalMs, Limits.RetryPauseMs));
            await call.RequestStream.WriteAsync(request, writing.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception error)
        {
            // gRPC names the broken connection where it reads; here it lets through whatever the transport throws.
            return error is OperationCanceledException ? "a renewal could not be sent within the interval" : "";
        }
    }

    /// <summary>Delivers answers until the stream ends; says why it did.</summary>
    private async Task<string> ReceiveAsync(
        AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> call, string endpoint, Outstanding outstanding)
    {
        try
        {
            bool isFirst = true;
            await foreach (KeepAliveReply reply in call.ResponseStream.ReadAllAsync().ConfigureAwait(false))
            {
                if (isFirst)
                {
                    FollowerLog.StreamOpened(_logger, endpoint);
                    _failing.Clear();
                    isFirst = false;
                }

                if (outstanding.TryAnswer(reply, out SentBatch batch) && !Deliver(reply, batch.SentNs))
                {
                    _waiting.PutBack(batch.Renewals);
                    _endpoints.Follow(reply.LeaderHint, endpoint);
                    return "the master does not lead";
                }
            }

            _endpoints.MoveOnFrom(endpoint);
            return "the master ended it";
        }
        catch (RpcException error)
        {
            _endpoints.NoteFailure(NoMaster(error), endpoint);
            return error.Status.Detail;
        }
    }

    private static SessionException NoMaster(RpcException error)
    {
        SessionException failure = StatusOnTheWire.FromRpc(error);
        return failure.Status == SessionStatus.NotLeader
            ? failure
            : new SessionException(SessionStatus.NoMaster, failure.Message, error);
    }

    /// <summary>False: the master does not lead.</summary>
    private bool Deliver(KeepAliveReply reply, long sentNs)
    {
        bool leads = true;
        foreach (Renewal renewal in reply.Renewals)
        {
            SessionStatus status = (SessionStatus)renewal.Status;
            leads &= status != SessionStatus.NotLeader;
            SessionKey key = new(renewal.SessionId, renewal.Epoch, renewal.Nonce);
            _deliver(new RenewalAnswer(
                key, reply.MasterEpoch, status, renewal.TermMs, renewal.RenewalIntervalMs), sentNs);
        }

        return leads;
    }
}
