using System;
using System.Collections.Generic;
using System.Threading;
using Grpc.Core;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Failover.Load;

/// <summary>A keep-alive stream, one batch at a time.</summary>
internal sealed class RenewalStream(AsyncDuplexStreamingCall<Wire.KeepAliveRequest, Wire.KeepAliveReply> call) : IDisposable
{
    private ulong _lastBatch;

    /// <summary>Renews a batch; gives the answers until each session has one.</summary>
    /// <exception cref="RpcException">The stream has ended.</exception>
    /// <exception cref="OperationCanceledException">An answer did not come in time.</exception>
    internal async IAsyncEnumerable<Wire.KeepAliveReply> RenewAsync(IReadOnlyList<Wire.SessionKey> keys, int answerMs)
    {
        Wire.KeepAliveRequest request = new() { BatchId = ++_lastBatch };
        request.Renewals.AddRange(keys);
        using CancellationTokenSource patience = new(answerMs);
        await call.RequestStream.WriteAsync(request, patience.Token);
        for (int answered = 0; answered < keys.Count;)
        {
            if (!await call.ResponseStream.MoveNext(patience.Token))
            {
                throw new OperationCanceledException("the stream has ended");
            }

            Wire.KeepAliveReply reply = call.ResponseStream.Current;
            if (reply.BatchId == _lastBatch)
            {
                answered += reply.Renewals.Count;
                yield return reply;
            }
        }
    }

    public void Dispose() => call.Dispose();
}
