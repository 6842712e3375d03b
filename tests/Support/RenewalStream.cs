using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Tests.Support;

/// <summary>A keep-alive stream, used one batch at a time.</summary>
internal sealed class RenewalStream(AsyncDuplexStreamingCall<Wire.KeepAliveRequest, Wire.KeepAliveReply> call) : IDisposable
{
    private ulong _lastBatch;

    /// <summary>Renews sessions in one batch, and waits until all are answered.</summary>
    internal async Task<Wire.KeepAliveReply> RenewAsync(params Wire.SessionKey[] keys)
    {
        Wire.KeepAliveRequest request = new() { BatchId = ++_lastBatch };
        request.Renewals.AddRange(keys);
        using CancellationTokenSource patience = new(Eventually.Patience);
        try
        {
            await call.RequestStream.WriteAsync(request, patience.Token);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Cancelled && !patience.IsCancellationRequested)
        {
            // The stream was refused before the message was written, and gRPC cut the write short: the answer says with what.
        }

        // What the store must forget a mark for first is answered behind the others.
        Wire.KeepAliveReply whole = await NextReplyAsync(patience.Token);
        while (whole.Renewals.Count < keys.Length)
        {
            whole.Renewals.AddRange((await NextReplyAsync(patience.Token)).Renewals);
        }

        return whole;
    }

    /// <summary>The verdict on one session.</summary>
    internal async Task<SessionStatus> StatusOfAsync(Wire.SessionKey key) =>
        (SessionStatus)(await RenewAsync(key)).Renewals.Single().Status;

    public void Dispose() => call.Dispose();

    private async Task<Wire.KeepAliveReply> NextReplyAsync(CancellationToken patience)
    {
        Assert.True(await call.ResponseStream.MoveNext(patience));
        Assert.Equal(_lastBatch, call.ResponseStream.Current.BatchId);
        return call.ResponseStream.Current;
    }
}
