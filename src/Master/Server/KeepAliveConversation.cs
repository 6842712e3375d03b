using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol.V1;
using Status = Interop.Sessions.Protocol.V1.Status;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// One keep-alive stream. Renewals that need memory alone are answered at once; renewals of suspects, whose mark the store must
/// forget first, are answered later, so that a slow disk delays no renewal that does not need it.
/// </summary>
internal sealed class KeepAliveConversation(
    SessionVerbs verbs, IServerStreamWriter<KeepAliveReply> replies, CallGate gate, ClientConnection connection) : IDisposable
{
    /// <summary>A stream takes one message at a time.</summary>
    private readonly SemaphoreSlim _writing = new(1, 1);

    internal async Task RunAsync(IAsyncStreamReader<KeepAliveRequest> requests, CancellationToken cancellation)
    {
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

            KeepAliveReply reply = verbs.KeepAlive(request, receivedNs, out Task<KeepAliveReply>? later);
            NoteUse(reply);
            await WriteAsync(reply, cancellation).ConfigureAwait(false);
            if (later != null)
            {
                _ = WriteLaterAsync(later, cancellation);
            }
        }
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>A connection that renews a session keeps its place; strangers have theirs for as long as they say something.</summary>
    private void NoteUse(KeepAliveReply reply)
    {
        if (connection.IsProven)
        {
            return;
        }

        if (reply.Renewals.Any(renewal => renewal.Status == Status.Ok))
        {
            gate.Prove(connection);
        }
        else
        {
            gate.Use(connection);
        }
    }

    private async Task WriteLaterAsync(Task<KeepAliveReply> later, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(await later.ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or InvalidOperationException or RpcException)
        {
            // The stream has ended; its follower asks again on the next.
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
