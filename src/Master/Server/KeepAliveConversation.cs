using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;
using Status = Interop.Sessions.Protocol.V1.Status;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// One keep-alive stream. Renewals that need memory alone are answered at once; renewals of suspects, whose mark the store must
/// forget first, are answered later, so that a slow disk delays no renewal that does not need it.
/// </summary>
internal sealed class KeepAliveConversation(
    SessionVerbs verbs, IServerStreamWriter<KeepAliveReply> replies, CallGate gate, ClientConnection connection, StreamRights? rights)
    : IDisposable
{
    /// <summary>A stream takes one message at a time.</summary>
    private readonly SemaphoreSlim _writing = new(1, 1);

    private readonly KnownNonces _nonces = new();
    private SuspectReplies? _suspects;

    internal async Task RunAsync(IAsyncStreamReader<KeepAliveRequest> requests, CancellationToken cancellation)
    {
        _suspects = new SuspectReplies(reply => WriteAsync(reply, cancellation));
        while (await requests.MoveNext(cancellation).ConfigureAwait(false))
        {
            long receivedNs = verbs.Time.NowNs;
            KeepAliveRequest request = requests.Current;
            if (request.Renewals.Count + request.Inquiries.Count > Limits.MaxRenewalsPerMessage)
            {
                throw new SessionException(
                    SessionStatus.TooLong,
                    $"renewals has {request.Renewals.Count} entries and inquiries {request.Inquiries.Count}; together the " +
                    $"limit is {Limits.MaxRenewalsPerMessage}");
            }

            if (request.GateClosed.Count > request.Inquiries.Count)
            {
                throw new SessionException(
                    SessionStatus.TooLong,
                    $"gate_closed has {request.GateClosed.Count} entries; the limit is that of its inquiries, {request.Inquiries.Count}");
            }

            if (rights == null || rights.AllowAll(request))
            {
                await AnswerAsync(request, receivedNs, [], cancellation).ConfigureAwait(false);
            }
            else
            {
                await AnswerAskedAsync(rights, request, receivedNs, cancellation).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _writing.Dispose();

    private async Task AnswerAsync(
        KeepAliveRequest request, long receivedNs, IEnumerable<Renewal> denied, CancellationToken cancellation)
    {
        RenewalsAnswered answered = verbs.KeepAlive(AskedBy(request), receivedNs, connection.Peer);
        KeepAliveReply reply = RenewalMessages.ToWire(request.BatchId, answered.Head, answered.Answers);
        reply.Renewals.AddRange(denied);
        rights?.NoteEnds(reply);
        NoteUse(reply);
        await WriteAsync(reply, cancellation).ConfigureAwait(false);
        if (answered.Suspects.Count > 0)
        {
            _suspects!.Add(request.BatchId, answered);
        }
    }

    private RenewalsAsked AskedBy(KeepAliveRequest request)
    {
        // What waited for the host is answered beside the stream's reader.
        lock (_nonces)
        {
            return RenewalMessages.Of(request, _nonces);
        }
    }

    /// <summary>What the stream has named before waits for nobody; the host may take its time for what is new.</summary>
    private async Task AnswerAskedAsync(StreamRights asked, KeepAliveRequest request, long receivedNs, CancellationToken cancellation)
    {
        KeepAliveRequest unasked = asked.TakeUnasked(request);
        if (request.Renewals.Count + request.Inquiries.Count > 0)
        {
            await AnswerAsync(request, receivedNs, [], cancellation).ConfigureAwait(false);
        }

        Task<IReadOnlyList<Renewal>> deny = asked.DenyAsync(unasked, receivedNs);
        if (deny.IsCompleted)
        {
            await AnswerAsync(unasked, receivedNs, await deny.ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        else
        {
            _ = AnswerWhenAskedAsync(unasked, deny, cancellation);
        }
    }

    private async Task AnswerWhenAskedAsync(
        KeepAliveRequest unasked, Task<IReadOnlyList<Renewal>> deny, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<Renewal> denied = await deny.ConfigureAwait(false);
            // A later p: what is promised by it covers what the holder counts from its s.
            await AnswerAsync(unasked, verbs.Time.NowNs, denied, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or InvalidOperationException or RpcException or SessionException)
        {
            // The stream has ended; its follower asks again on the next.
        }
    }

    /// <summary>A connection that renews a session keeps its place; strangers have theirs for as long as they say something.</summary>
    private void NoteUse(KeepAliveReply reply)
    {
        foreach (Renewal renewal in reply.Renewals)
        {
            if (renewal.Status == Status.Ok)
            {
                gate.Prove(connection, renewal.SessionId);
                return;
            }
        }

        if (!connection.IsProven)
        {
            gate.Use(connection);
        }
    }

    private async Task WriteAsync(KeepAliveReply reply, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await replies.WriteAsync(reply, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
