using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Protocol;

/// <summary>
/// For <see cref="SocketsHttpHandler.ConnectCallback"/>. With a callback of one's own a gRPC channel dials at each call; its
/// built-in sub-channels back off up to two minutes after failures, longer than any lease lives.
/// </summary>
public static class DirectDial
{
    /// <summary>Connects by TCP, without delaying small packets.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await ConnectAsync(
            context.DnsEndPoint, new Socket(SocketType.Stream, ProtocolType.Tcp), cancellation).ConfigureAwait(false);
    }

    /// <summary>The same to one address.</summary>
    public static Task<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ConnectAsync(address, new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp), cancellation);
    }

    private static async Task<Stream> ConnectAsync(EndPoint address, Socket socket, CancellationToken cancellation)
    {
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
