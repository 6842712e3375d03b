using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Faults.Stage;

/// <summary>
/// A forwarder that holds every byte back for a while, each way. It does what tc netem does, for kernels that were built
/// without it.
/// </summary>
internal sealed class SlowLink : IDisposable
{
    private const int ChunkBytes = 16 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ends = new();
    private readonly IPEndPoint _target;
    private long _delayMs;

    internal SlowLink(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener.Start();
        _ = AcceptAsync();
    }

    internal string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>How long a byte takes from now on, one way.</summary>
    internal void Delay(long ms) => Volatile.Write(ref _delayMs, ms);

    public void Dispose()
    {
        _ends.Cancel();
        _listener.Dispose();
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ends.IsCancellationRequested)
        {
            Socket here = await _listener.AcceptSocketAsync(_ends.Token).ConfigureAwait(false);
            _ = JoinAsync(here);
        }
    }

    private async Task JoinAsync(Socket here)
    {
        using Socket there = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (here)
        {
            here.NoDelay = true;
            await there.ConnectAsync(_target, _ends.Token).ConfigureAwait(false);
            await Task.WhenAny(CarryAsync(here, there), CarryAsync(there, here)).ConfigureAwait(false);
        }
    }

    private Task CarryAsync(Socket from, Socket to)
    {
        Channel<(byte[] Bytes, long DueNs)> onTheWay = Channel.CreateUnbounded<(byte[], long)>();
        return Task.WhenAll(TakeInAsync(from, onTheWay.Writer), HandOutAsync(onTheWay.Reader, to));
    }

    private async Task TakeInAsync(Socket from, ChannelWriter<(byte[] Bytes, long DueNs)> onTheWay)
    {
        byte[] chunk = new byte[ChunkBytes];
        while (await from.ReceiveAsync(chunk, _ends.Token).ConfigureAwait(false) is > 0 and int count)
        {
            long dueNs = BootClock.NowNs + (Volatile.Read(ref _delayMs) * 1_000_000);
            onTheWay.TryWrite((chunk[..count], dueNs));
        }

        onTheWay.Complete();
    }

    private async Task HandOutAsync(ChannelReader<(byte[] Bytes, long DueNs)> onTheWay, Socket to)
    {
        await foreach ((byte[] bytes, long dueNs) in onTheWay.ReadAllAsync(_ends.Token).ConfigureAwait(false))
        {
            long earlyMs = (dueNs - BootClock.NowNs) / 1_000_000;
            await Task.Delay((int)Math.Max(0, earlyMs), _ends.Token).ConfigureAwait(false);
            await to.SendAsync(bytes, _ends.Token).ConfigureAwait(false);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
