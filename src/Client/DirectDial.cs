using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Client;

/// <summary>
/// For <see cref="SocketsHttpHandler.ConnectCallback"/>. With a callback of one's own a gRPC channel dials at each call; its
/// built-in sub-channels back off up to two minutes after failures, longer than any lease lives.
/// </summary>
public static class DirectDial
{
    /// <summary>Connects by TCP, without delaying small packets.</summary>
    public static async ValueTask<NetworkStream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new NetworkStream(await OpenAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false), ownsSocket: true);
    }

    /// <summary>The same to one address.</summary>
    public static async Task<NetworkStream> ConnectAsync(IPEndPoint address, CancellationToken cancellation) =>
        new NetworkStream(await OpenAsync(address, cancellation).ConfigureAwait(false), ownsSocket: true);

    /// <summary>Connects to a Unix socket.</summary>
    /// <exception cref="IOException">Names the socket.</exception>
    public static async ValueTask<NetworkStream> ConnectAsync(UnixDomainSocketEndPoint address, CancellationToken cancellation)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new IOException($"{error.Message} ({address})", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects by TCP, for a caller that makes a stream of its own of the connection.</summary>
    public static async ValueTask<Socket> OpenAsync(EndPoint address, CancellationToken cancellation)
    {
        Socket socket = address is IPEndPoint one
            ? new Socket(one.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
