using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Tests.Support;

/// <summary>A stream of a watch, read one message at a time.</summary>
internal sealed class WatchReader(AsyncServerStreamingCall<Wire.WatchReply> call) : IDisposable
{
    /// <summary>All up to here was said.</summary>
    internal ulong Revision { get; private set; }

    /// <summary>What was said so far.</summary>
    internal List<Wire.WatchEvent> Said { get; } = [];

    internal static WatchReader Open(MasterClient client, Wire.WatchRequest request) =>
        new(request.Session == null ? client.Administration.Watch(request) : client.Sessions.Watch(request));

    /// <summary>The next message.</summary>
    internal async Task<Wire.WatchReply> NextAsync()
    {
        using CancellationTokenSource patience = new(Eventually.Patience);
        Assert.True(await call.ResponseStream.MoveNext(patience.Token), "the stream has ended without a status");
        Wire.WatchReply reply = call.ResponseStream.Current;
        Said.AddRange(reply.Events);
        Revision = reply.Revision == 0 ? Revision : reply.Revision;
        return reply;
    }

    /// <summary>Reads until something has been said.</summary>
    internal async Task<Wire.WatchEvent> UntilAsync(Func<Wire.WatchEvent, bool> said)
    {
        while (true)
        {
            if (Said.FirstOrDefault(said) is { } found)
            {
                return found;
            }

            await NextAsync();
        }
    }

    /// <summary>Reads until the stream ends.</summary>
    internal async Task ToEndAsync()
    {
        while (true)
        {
            await NextAsync();
        }
    }

    public void Dispose() => call.Dispose();
}
