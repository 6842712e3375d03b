using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Client;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Wire = Interop.Sessions.Protocol.V1.Sessions;

namespace Interop.Sessions.Follower.Client;

/// <summary>The stream of a <see cref="RenewalLine"/>, over a connection of its own, from its opening to its end.</summary>
internal sealed class KeepAliveLine : IAsyncDisposable
{
    private readonly RenewalLine _line;
    private readonly SharedBook _book;
    private readonly Action<RenewalAnswer, long> _deliver;
    private readonly Action<MasterConnection, long> _renewed;
    private readonly GrpcChannel _channel;
    private readonly CancellationTokenSource _over;
    private readonly AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> _call;
    private readonly Task _receiving;

    /// <summary>Opens it.</summary>
    /// <param name="master">Where.</param>
    /// <param name="line">What it is in the book.</param>
    /// <param name="book">Told of what happens to it.</param>
    /// <param name="deliver">Takes an answer and the s of its request.</param>
    /// <param name="renewed">Told that renewals were answered, and when the next answer is to come at the latest.</param>
    /// <param name="closing">Ends it.</param>
    internal KeepAliveLine(
        MasterConnection master, RenewalLine line, SharedBook book, Action<RenewalAnswer, long> deliver,
        Action<MasterConnection, long> renewed, CancellationToken closing)
    {
        Master = master;
        _line = line;
        _book = book;
        _deliver = deliver;
        _renewed = renewed;
        _channel = master.OpenForRenewals();
        _over = CancellationTokenSource.CreateLinkedTokenSource(closing);
        _call = new Wire.SessionsClient(NamedCalls.On(_channel)).KeepAlive(cancellationToken: _over.Token);
        _receiving = ReceiveAsync();
    }

    internal MasterConnection Master { get; }

    /// <summary>Sends a message.</summary>
    internal async Task SendAsync(RenewalBatch batch)
    {
        try
        {
            using CancellationTokenSource late = _book.After(batch.WriteWithinMs);
            using CancellationTokenSource writing = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, late.Token);
            await _call.RequestStream.WriteAsync(RenewalsOnTheWire.Request(batch), writing.Token).ConfigureAwait(false);
            _book.Written(batch);
        }
        catch (OperationCanceledException) when (!_over.IsCancellationRequested)
        {
            _book.Stuck(_line);
        }
        catch (Exception error) when (!_over.IsCancellationRequested)
        {
            // gRPC names the broken connection where it reads; here it lets through whatever the transport throws.
            await _over.CancelAsync().ConfigureAwait(false);
            await _receiving.ConfigureAwait(false);
            _book.Broke(_line, Broken(error.Message, error));
        }
    }

    /// <summary>Ends the stream and its connection.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _over.CancelAsync().ConfigureAwait(false);
            await _receiving.ConfigureAwait(false);
        }
        finally
        {
            _call.Dispose();
            _channel.Dispose();
            _over.Dispose();
        }
    }

    /// <summary>Delivers answers until the stream ends.</summary>
    private async Task ReceiveAsync()
    {
        try
        {
            await foreach (KeepAliveReply reply in _call.ResponseStream.ReadAllAsync().ConfigureAwait(false))
            {
                Take(reply);
            }

            _book.Broke(_line, Broken("the master ended it"));
        }
        catch (RpcException error)
        {
            _book.Broke(_line, StatusOnTheWire.FromRpc(error));
        }
        catch (Exception error)
        {
            // Whatever it was: the leases of the whole process hang on the next line.
            _book.Broke(_line, Broken(error.Message, error));
        }
    }

    private void Take(KeepAliveReply reply)
    {
        List<RenewalAnswer> answers = RenewalsOnTheWire.Answers(reply);
        TakenReply taken = _book.Reply(_line, reply.BatchId, answers, reply.LeaderHint);
        foreach (RenewalAnswer answer in answers)
        {
            _deliver(answer, taken.SentNs);
        }

        if (taken.RenewedUntilNs is { } untilNs)
        {
            _renewed(Master, untilNs);
        }

        if (taken.IsNews)
        {
            _book.Ring();
        }
    }

    private static SessionException Broken(string reason, Exception? error = null) => new(SessionStatus.NoMaster, reason, error);
}
