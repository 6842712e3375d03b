using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Etcd.Tests.Support;

/// <summary>A long way to a port of this machine: every byte, and the first packet too, takes its time in each direction.</summary>
internal sealed class FarWay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly int _eachWayMs;

    internal FarWay(int target, int eachWayMs)
    {
        _target = target;
        _eachWayMs = eachWayMs;
        _listener.Start();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    internal string Address { get; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using Socket owned = near;
        using Socket far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        // The kernel has answered the client's first packet at once; a far one answers after a round trip.
        await Task.Delay(2 * _eachWayMs);
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (SocketException)
        {
            // The other side is away: the client sees a closed connection.
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        Channel<(long DueNs, byte[] Bytes)> way = Channel.CreateUnbounded<(long, byte[])>();
        Task delivering = DeliverAsync(way.Reader, to);
        byte[] buffer = new byte[65536];
        try
        {
            int size;
            while ((size = await from.ReceiveAsync(buffer)) > 0)
            {
                way.Writer.TryWrite((BootClock.NowNs + (_eachWayMs * 1_000_000L), buffer[..size]));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // One side has ended it.
        }

        way.Writer.Complete();
        await delivering;
    }

    private static async Task DeliverAsync(ChannelReader<(long DueNs, byte[] Bytes)> way, Socket to)
    {
        try
        {
            await foreach ((long dueNs, byte[] bytes) in way.ReadAllAsync())
            {
                long leftMs = (dueNs - BootClock.NowNs + 999_999) / 1_000_000;
                if (leftMs > 0)
                {
                    await Task.Delay((int)leftMs);
                }

                await to.SendAsync(bytes);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // One side has ended it.
        }
    }
}
