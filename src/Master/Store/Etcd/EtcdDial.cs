using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// Dials one member, TLS included, and knows whether a connection is open: one that is not is dialled before a request, so
/// that the request's time is not spent on it.
/// </summary>
internal sealed class EtcdDial(EtcdCredentials credentials)
{
    private int _open;
    private int _dialled;
    private volatile string? _failure;

    /// <summary>Is there a connection, as far as this side knows?</summary>
    internal bool IsOpen => Volatile.Read(ref _open) > 0;

    /// <summary>How many there were: another connection may lead to another etcd.</summary>
    internal int Dialled => Volatile.Read(ref _dialled);

    /// <summary>Why the latest attempt failed, in the words of TCP or TLS; null: it did not.</summary>
    internal string? Failure => _failure;

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        try
        {
            Stream stream = await OpenAsync(context, cancellation).ConfigureAwait(false);
            _failure = null;
            Interlocked.Increment(ref _dialled);
            return stream;
        }
        catch (Exception error)
        {
            _failure = Describe(error);
            throw;
        }
    }

    /// <summary>What an error says, and what those say that caused it.</summary>
    internal static string Describe(Exception error)
    {
        List<string> said = [];
        for (Exception? each = error; each != null; each = each.InnerException)
        {
            string text = each.Message.Replace(", see inner exception.", "", StringComparison.Ordinal).TrimEnd('.');
            if (!said.Exists(before => before.Contains(text, StringComparison.Ordinal)))
            {
                said.Add(text);
            }
        }

        return string.Join(": ", said);
    }

    private async Task<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Counted connected = new(await DialAsync(context, cancellation).ConfigureAwait(false), this);
        return await credentials.Trust.SecureAsync(connected, context.DnsEndPoint.Host, cancellation).ConfigureAwait(false);
    }

    private static async Task<Socket> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter((int)Limits.ConnectTimeoutMs);
        try
        {
            return await DirectDial.OpenAsync(context.DnsEndPoint, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no TCP connection within {Limits.ConnectTimeoutMs} ms");
        }
    }

    /// <summary>A connection that says when it is no more.</summary>
    private sealed class Counted : NetworkStream
    {
        private EtcdDial? _dial;

        internal Counted(Socket socket, EtcdDial dial)
            : base(socket, ownsSocket: true)
        {
            _dial = dial;
            Interlocked.Increment(ref dial._open);
        }

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _dial, null) is { } dial)
            {
                Interlocked.Decrement(ref dial._open);
            }

            base.Dispose(disposing);
        }
    }
}
