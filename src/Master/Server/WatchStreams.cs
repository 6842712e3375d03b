using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// The streams of watches of both services. A stream has one message out at a time, and reads of the table only when that is written; so
/// what is held for a reader is one message, and who does not read for long is cut off.
/// </summary>
/// <param name="verbs">Say what has changed.</param>
/// <param name="gate">Knows the connections.</param>
internal sealed class WatchStreams(SessionVerbs verbs, CallGate gate)
{
    private readonly Lock _lock = new();
    private readonly CallerPlaces _places = new(Limits.MaxWatchesPerCaller);
    private readonly CallerBytes _bytes = new(Limits.MaxWatchBytesInProgress, Limits.MaxWatchBytesPerCaller);

    /// <summary>Until the caller has enough, or may not go on.</summary>
    /// <param name="request">What it wants.</param>
    /// <param name="holder">The session that it holds; null: an operator asks.</param>
    /// <param name="replies">Where to.</param>
    /// <param name="context">Of the call.</param>
    internal async Task RunAsync(WatchRequest request, SessionKey? holder, IServerStreamWriter<WatchReply> replies, ServerCallContext context)
    {
        HttpContext http = context.GetHttpContext();
        ClientConnection connection = http.Features.GetRequiredFeature<ClientConnection>();
        string? name = WatchRights.CallerOf(context)?.Name;
        Begin(name);
        try
        {
            // On the threads for calls throughout: the pool is for renewals.
            IAsyncEnumerable<WatchSaid> pages = verbs.WatchAsync(WatchRows.FromWire(request, holder), staysThere: true, context.CancellationToken);
            await foreach (WatchSaid said in pages.ConfigureAwait(true))
            {
                await WriteAsync(name, WatchRows.ToWire(said), replies, http).ConfigureAwait(true);
                if (holder is { } held)
                {
                    gate.Prove(connection, held.SessionId);
                }
                else
                {
                    gate.Use(connection);
                }
            }
        }
        finally
        {
            End(name);
        }
    }

    private async Task WriteAsync(string? name, WatchReply reply, IServerStreamWriter<WatchReply> replies, HttpContext http)
    {
        int bytes = reply.CalculateSize();
        bool isCounted = bytes >= Limits.LeastCountedReplyBytes;
        while (isCounted && !TryTake(name, bytes))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Limits.WatchPauseMs), verbs.Time, http.RequestAborted).ConfigureAwait(true);
        }

        try
        {
            await replies.WriteAsync(reply).HeardByWaiters()
                .WaitAsync(TimeSpan.FromMilliseconds(Limits.WatchPatienceMs), verbs.Time, verbs.Stopping).ConfigureAwait(true);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            // What is half written cannot be ended otherwise, and a master that stops waits for no reader.
            http.Abort();
            throw new SessionException(SessionStatus.TimedOut, "the reader has not taken a message in time");
        }
        finally
        {
            if (isCounted)
            {
                Return(name, bytes);
            }
        }
    }

    private bool TryTake(string? name, int bytes)
    {
        lock (_lock)
        {
            return _bytes.TryTake(name, bytes);
        }
    }

    private void Return(string? name, int bytes)
    {
        lock (_lock)
        {
            _bytes.Return(name, bytes);
        }
    }

    private void Begin(string? name)
    {
        lock (_lock)
        {
            if (_places.Begin(name) is { } refusal)
            {
                throw refusal;
            }
        }
    }

    private void End(string? name)
    {
        lock (_lock)
        {
            _places.End(name);
        }
    }
}
