using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Microsoft.Extensions.Logging;
using Wire = Interop.Sessions.Protocol.V1.Sessions;

namespace Interop.Sessions.Follower.Client;

/// <summary>A renewal on its way out.</summary>
/// <param name="Key">Whose.</param>
/// <param name="IntervalMs">How long an answer may take: the next renewal follows by then.</param>
internal readonly record struct PendingRenewal(SessionKey Key, uint IntervalMs);

/// <summary>
/// All renewals of a process over one bidirectional stream, batched: what is waiting goes out in one message. An answer that
/// does not come within the interval means a new stream, to the next master; there is no back-off while leases live.
/// </summary>
internal sealed class KeepAliveStream : IDisposable
{
    private readonly MasterEndpoints _endpoints;
    private readonly Action<RenewalAnswer, long> _deliver;
    private readonly ILogger _logger;
    private readonly Channel<PendingRenewal> _pending = Channel.CreateUnbounded<PendingRenewal>(new() { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
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
    internal void Renew(PendingRenewal renewal) => _pending.Writer.TryWrite(renewal);

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
            // What could not be sent on a stream that broke goes out first on the next.
            List<PendingRenewal> unsent = [];
            while (await _pending.Reader.WaitToReadAsync(_closing.Token).ConfigureAwait(false))
            {
                string endpoint = _endpoints.Current;
                string reason = await ConverseAsync(endpoint, unsent).ConfigureAwait(false);
                _closing.Token.ThrowIfCancellationRequested();
                FollowerLog.StreamRedialled(_logger, endpoint, reason);
                await Task.Delay((int)Limits.RetryPauseMs, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    /// <summary>Uses one stream until it breaks; says why it did.</summary>
    private async Task<string> ConverseAsync(string endpoint, List<PendingRenewal> unsent)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> call;
        try
        {
            call = new Wire.SessionsClient(_endpoints.ChannelTo(endpoint)).KeepAlive(cancellationToken: over.Token);
        }
        catch (ObjectDisposedException)
        {
            return "closing";
        }

        using (call)
        {
            Outstanding outstanding = new();
            Task<string> receiving = ReceiveAsync(call, endpoint, outstanding);
            string reason = await SendAsync(call, receiving, outstanding, unsent, over).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            string receiveReason = await receiving.ConfigureAwait(false);
            return reason.Length > 0 ? reason : receiveReason;
        }
    }

    /// <summary>Sends batches until the stream breaks or an answer is late.</summary>
    private async Task<string> SendAsync(
        AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> call, Task receiving, Outstanding outstanding,
        List<PendingRenewal> unsent, CancellationTokenSource over)
    {
        while (!receiving.IsCompleted)
        {
            Task<bool> more = _pending.Reader.WaitToReadAsync(over.Token).AsTask();
            if (await Task.WhenAny(more, receiving).ConfigureAwait(false) == receiving)
            {
                break;
            }

            await more.ConfigureAwait(false);
            TakeBatch(unsent);
            if (outstanding.IsLate(BootClock.NowNs))
            {
                return "no answer within the renewal interval";
            }

            try
            {
                KeepAliveRequest request = outstanding.Register(unsent);
                using CancellationTokenSource writing = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
                writing.CancelAfter((int)Math.Max(unsent[0].IntervalMs, Limits.RetryPauseMs));
                await call.RequestStream.WriteAsync(request, writing.Token).ConfigureAwait(false);
                unsent.Clear();
            }
            catch (Exception error) when (error is RpcException or OperationCanceledException or InvalidOperationException)
            {
                return error is OperationCanceledException ? "a renewal could not be sent within the interval" : "";
            }
        }

        return "";
    }

    private void TakeBatch(List<PendingRenewal> batch)
    {
        while (batch.Count < Limits.MaxRenewalsPerMessage && _pending.Reader.TryRead(out PendingRenewal renewal))
        {
            batch.Add(renewal);
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
                    isFirst = false;
                }

                if (outstanding.TryTake(reply.BatchId, out long sentNs) && !Deliver(reply, sentNs))
                {
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
            _deliver(new RenewalAnswer(key, reply.MasterEpoch, status, renewal.TermMs), sentNs);
        }

        return leads;
    }
}
