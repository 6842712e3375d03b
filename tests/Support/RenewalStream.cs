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
    internal Task<Wire.KeepAliveReply> RenewAsync(params Wire.SessionKey[] keys) =>
        AskAsync(new Wire.KeepAliveRequest { Renewals = { keys } });

    /// <summary>The same with whatever a message may have.</summary>
    internal async Task<Wire.KeepAliveReply> AskAsync(Wire.KeepAliveRequest request)
    {
        using CancellationTokenSource patience = new(Eventually.Patience);
        Wire.KeepAliveReply whole = await FirstReplyAsync(request, patience.Token);

        // What the store must forget a mark for first is answered behind the others.
        while (whole.Renewals.Count < request.Renewals.Count + request.Inquiries.Count)
        {
            whole.Renewals.AddRange((await NextReplyAsync(patience.Token)).Renewals);
        }

        return whole;
    }

    /// <summary>The verdict on one session.</summary>
    internal async Task<SessionStatus> StatusOfAsync(Wire.SessionKey key) =>
        (SessionStatus)(await RenewAsync(key)).Renewals.Single().Status;

    /// <summary>The first reply to one renewal, which need not say anything of the session.</summary>
    internal async Task<Wire.KeepAliveReply> FirstReplyAsync(Wire.SessionKey key)
    {
        using CancellationTokenSource patience = new(Eventually.Patience);
        return await FirstReplyAsync(new Wire.KeepAliveRequest { Renewals = { key } }, patience.Token);
    }

    public void Dispose() => call.Dispose();

    private async Task<Wire.KeepAliveReply> FirstReplyAsync(Wire.KeepAliveRequest request, CancellationToken patience)
    {
        request.BatchId = ++_lastBatch;
        try
        {
            await call.RequestStream.WriteAsync(request, patience);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Cancelled && !patience.IsCancellationRequested)
        {
            // The stream was refused before the message was written, and gRPC cut the write short: the answer says with what.
        }

        return await NextReplyAsync(patience);
    }

    private async Task<Wire.KeepAliveReply> NextReplyAsync(CancellationToken patience)
    {
        Assert.True(await call.ResponseStream.MoveNext(patience));
        Assert.Equal(_lastBatch, call.ResponseStream.Current.BatchId);
        return call.ResponseStream.Current;
    }
}
