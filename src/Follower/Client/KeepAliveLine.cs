using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Wire = Interop.Sessions.Protocol.V1.Sessions;

namespace Interop.Sessions.Follower.Client;

/// <summary>Why renewals are not sent over a line any more.</summary>
internal enum LineEnd
{
    /// <summary>The master does not lead. The line stays open: it may lead the next moment.</summary>
    DoesNotLead,

    /// <summary>An answer is overdue.</summary>
    Late,

    /// <summary>A message could not be sent.</summary>
    Stuck,

    /// <summary>The stream has ended.</summary>
    Broken,
}

/// <summary>What is to be known of a line's end.</summary>
/// <param name="End">Why.</param>
/// <param name="Failure">The same for the endpoints, and for people.</param>
internal sealed record LineReport(LineEnd End, SessionException Failure);

/// <summary>One keep-alive stream to one master, from its opening to its end.</summary>
internal sealed class KeepAliveLine : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly WaitingRenewals _waiting;
    private readonly Action<RenewalAnswer, long> _deliver;
    private readonly Action<KeepAliveLine, long> _renewed;
    private readonly CancellationTokenSource _over;
    private readonly AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> _call;
    private readonly Outstanding _outstanding = new();
    private readonly Task _receiving;
    private volatile LineReport? _end;
    private volatile LineReport? _refusal;
    private volatile bool _leads;

    /// <summary>Opens it, over a connection of its own.</summary>
    /// <param name="master">Where.</param>
    /// <param name="waiting">What is to be sent, and the bell that calls the sender.</param>
    /// <param name="deliver">Takes an answer and the s of its request.</param>
    /// <param name="renewed">Told that renewals were answered, and when the next answer is to come at the latest.</param>
    /// <param name="closing">Ends it.</param>
    internal KeepAliveLine(
        MasterConnection master, WaitingRenewals waiting, Action<RenewalAnswer, long> deliver,
        Action<KeepAliveLine, long> renewed, CancellationToken closing)
    {
        Master = master;
        _waiting = waiting;
        _deliver = deliver;
        _renewed = renewed;
        _channel = master.OpenForRenewals();
        _over = CancellationTokenSource.CreateLinkedTokenSource(closing);
        _call = new Wire.SessionsClient(NamedCalls.On(_channel)).KeepAlive(cancellationToken: _over.Token);
        _receiving = ReceiveAsync();
    }

    internal MasterConnection Master { get; }

    /// <summary>Has the stream ended?</summary>
    internal bool IsBroken => _receiving.IsCompleted;

    /// <summary>Sends what waits, until the line is of no more use for now; says why.</summary>
    /// <param name="leads">Called once, when the master answers as a leader does.</param>
    internal async Task<LineReport> UseAsync(Action leads)
    {
        _refusal = null;
        _leads = false;
        bool isTold = false;
        LineReport? report;
        while ((report = _end ?? _refusal ?? await StepAsync().ConfigureAwait(false)) == null)
        {
            if (_leads && !isTold)
            {
                isTold = true;
                leads();
            }
        }

        _waiting.PutBack(_outstanding.TakeUnanswered());
        return report;
    }

    /// <summary>Ends the stream and its connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        _call.Dispose();
        _channel.Dispose();
        _over.Dispose();
    }

    /// <summary>Sends a batch if there is one, else waits for news.</summary>
    private async Task<LineReport?> StepAsync()
    {
        // s, and the moment for which the host must vouch for itself.
        long nowNs = BootClock.NowNs;
        long lateAtNs = _outstanding.LateAtNs;
        if (nowNs >= lateAtNs)
        {
            // A peer that went away without a word leaves a connection that looks well for minutes.
            return Report(LineEnd.Late, "no answer within the renewal interval");
        }

        List<PendingRenewal> batch = _waiting.Take(nowNs);
        if (batch.Count > 0)
        {
            return await WriteAsync(_outstanding.Register(batch, nowNs), batch[0].IntervalMs).ConfigureAwait(false);
        }

        await _waiting.WaitForNewsAsync(lateAtNs, _over.Token).ConfigureAwait(false);
        return null;
    }

    private async Task<LineReport?> WriteAsync(KeepAliveRequest request, uint withinMs)
    {
        try
        {
            using CancellationTokenSource writing = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
            writing.CancelAfter((int)Math.Max(withinMs, Limits.MinRenewalIntervalMs));
            await _call.RequestStream.WriteAsync(request, writing.Token).ConfigureAwait(false);
            _outstanding.Written(request.BatchId, BootClock.NowNs);
            return null;
        }
        catch (Exception error) when (!_over.IsCancellationRequested)
        {
            if (error is OperationCanceledException)
            {
                return Report(LineEnd.Stuck, "a renewal could not be sent within the interval");
            }

            // gRPC names the broken connection where it reads; here it lets through whatever the transport throws.
            await _over.CancelAsync().ConfigureAwait(false);
            await _receiving.ConfigureAwait(false);
            return _end ?? Report(LineEnd.Broken, error.Message);
        }
    }

    /// <summary>Delivers answers until the stream ends; rings when the sender must hear of it.</summary>
    private async Task ReceiveAsync()
    {
        try
        {
            await foreach (KeepAliveReply reply in _call.ResponseStream.ReadAllAsync().ConfigureAwait(false))
            {
                Take(reply);
            }

            _end = Report(LineEnd.Broken, "the master ended it");
        }
        catch (RpcException error)
        {
            SessionException failure = StatusOnTheWire.FromRpc(error);
            _end = new LineReport(
                LineEnd.Broken,
                failure.Status == SessionStatus.NotLeader
                    ? failure
                    : new SessionException(SessionStatus.NoMaster, failure.Message, error));
        }
        catch (Exception error)
        {
            // Whatever it was: the leases of the whole process hang on the next line.
            _end = Report(LineEnd.Broken, error.Message);
        }

        _waiting.Ring();
    }

    private void Take(KeepAliveReply reply)
    {
        List<PendingRenewal> refused = [];
        uint intervalMs = 0;
        foreach ((PendingRenewal asked, Renewal answer) in _outstanding.Answer(reply, out long sentNs))
        {
            SessionStatus status = (SessionStatus)answer.Status;
            if (status == SessionStatus.NotLeader)
            {
                refused.Add(asked);
                continue;
            }

            intervalMs = Math.Max(intervalMs, asked.IntervalMs);
            _deliver(
                new RenewalAnswer(
                    new SessionKey(answer.SessionId, answer.Epoch, answer.Nonce), reply.MasterEpoch, status, answer.TermMs,
                    answer.RenewalIntervalMs, reply.LongestTermMs)
                {
                    Text = answer.Text,
                },
                sentNs);
        }

        if (intervalMs > 0)
        {
            _renewed(this, BootClock.NowNs + (Limits.RenewalWaitIntervals * intervalMs * 1_000_000L));
        }

        if (refused.Count > 0)
        {
            _waiting.PutBack(refused);
            _refusal = new LineReport(LineEnd.DoesNotLead, new SessionException(SessionStatus.NotLeader, "the master does not lead")
            {
                LeaderHint = reply.LeaderHint,
            });
            _waiting.Ring();
        }
        else if (intervalMs > 0 && !_leads)
        {
            _leads = true;
            _waiting.Ring();
        }
    }

    private static LineReport Report(LineEnd end, string reason) => new(
        end, new SessionException(end == LineEnd.Broken ? SessionStatus.NoMaster : SessionStatus.TimedOut, reason));
}
