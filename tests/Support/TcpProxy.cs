using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Tests.Support;

/// <summary>The network between a follower and its master: it can be cut, stalled and restored.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Lock _lock = new();
    private readonly List<Link> _links = [];
    private readonly List<Link> _former = [];
    private volatile int _target;
    private TaskCompletionSource _flows = Flowing();
    private bool _isCut;

    internal TcpProxy(int targetPort, IPAddress? address = null, int port = 0)
    {
        _target = targetPort;
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    internal string Address { get; }

    /// <summary>The port where new connections end.</summary>
    internal int Target
    {
        get => _target;
        set => _target = value;
    }

    /// <summary>Connections that were made so far.</summary>
    internal int Accepted { get; private set; }

    /// <summary>Resets every connection, and every new one.</summary>
    internal void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            CloseLinks();
        }
    }

    /// <summary>Connections stay open and new ones are accepted, but no byte passes until it is restored.</summary>
    internal void Stall()
    {
        lock (_lock)
        {
            _flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Heals it; bytes that were held back arrive.</summary>
    internal void Restore()
    {
        lock (_lock)
        {
            _isCut = false;
            _flows.TrySetResult();
        }
    }

    /// <summary>
    /// What goes to the master over the connections that exist is held back, and nothing comes back; new ones work. What was
    /// held back arrives when it is released, even after the follower has given the connection up.
    /// </summary>
    internal HeldConnections Hold()
    {
        lock (_lock)
        {
            HeldConnections held = new();
            _links.ForEach(link => link.Held = held);
            return held;
        }
    }

    /// <summary>Requests pass, answers do not, on all connections.</summary>
    internal bool DropsAnswers { get; set; }

    internal delegate bool Recognises(ReadOnlySpan<byte> bytes);

    /// <summary>Cuts all connections, instead of carrying what it recognises in what comes from a follower.</summary>
    internal Recognises? CutsBefore { get; set; }

    /// <summary>What each connection carries each way in a second; 0: as much as it can.</summary>
    internal int BytesPerSecond { get; set; }

    /// <summary>Streams that followers have opened over all connections.</summary>
    internal int StreamsOpened => CountOf(Http2Frames.Headers);

    /// <summary>Messages, or parts of them, that followers have sent.</summary>
    internal int MessagesSent => CountOf(Http2Frames.Data);

    private int CountOf(byte type)
    {
        lock (_lock)
        {
            return _links.Sum(link => link.Requests.Count(type)) + _former.Sum(link => link.Requests.Count(type));
        }
    }

    /// <summary>No byte passes on the connections that exist, ever; nobody is told. New ones work.</summary>
    internal void AbandonConnections()
    {
        lock (_lock)
        {
            foreach (Link link in _links)
            {
                link.IsAbandoned = true;
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_lock)
        {
            _isCut = true;
            CloseLinks();
        }
    }

    private static TaskCompletionSource Flowing()
    {
        TaskCompletionSource flows = new();
        flows.SetResult();
        return flows;
    }

    private void CloseLinks()
    {
        foreach (Link link in _links)
        {
            link.Reset();
        }

        _former.AddRange(_links);
        _links.Clear();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Link link = new(await _listener.AcceptSocketAsync());
                lock (_lock)
                {
                    Accepted++;
                    if (_isCut)
                    {
                        link.Reset();
                        continue;
                    }

                    _links.Add(link);
                }

                _ = RunAsync(link);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The proxy is disposed of.
        }
    }

    private async Task RunAsync(Link link)
    {
        try
        {
            await link.Master.ConnectAsync(IPAddress.Loopback, _target);
            Task there = PumpAsync(link, link.Follower, link.Master, isThere: true);
            Task back = PumpAsync(link, link.Master, link.Follower, isThere: false);
            await Task.WhenAny(there, back);
            if (link.Held is { } held)
            {
                await held.Released;
                await link.Master.SendAsync(link.HeldBack.ToArray());
                await Task.WhenAny(back, held.Over);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The master is away: the follower sees a reset.
        }

        link.Reset();
    }

    private async Task PumpAsync(Link link, Socket from, Socket to, bool isThere)
    {
        byte[] buffer = new byte[16384];
        try
        {
            int size;
            while ((size = await from.ReceiveAsync(buffer)) > 0)
            {
                await Flows();
                if (isThere && CutsBefore?.Invoke(buffer.AsSpan(0, size)) == true)
                {
                    Cut();
                    return;
                }

                if (BytesPerSecond > 0)
                {
                    await Task.Delay(Math.Max(1, size * 1000 / BytesPerSecond));
                }

                (isThere ? link.Requests : link.Answers).Add(buffer.AsSpan(0, size));
                if (link.Held is { } held)
                {
                    if (isThere)
                    {
                        link.HeldBack.AddRange(buffer.AsSpan(0, size));
                    }
                    else if (held.Released.IsCompleted)
                    {
                        held.NoteAnswers(link.Answers);
                    }
                }
                else if (!link.IsAbandoned && (isThere || !DropsAnswers))
                {
                    await to.SendAsync(buffer.AsMemory(0, size));
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // Reset by one side or by the test.
        }
    }

    private Task Flows()
    {
        lock (_lock)
        {
            return _flows.Task;
        }
    }

    private sealed class Link(Socket follower)
    {
        private volatile bool _isAbandoned;

        internal Socket Follower { get; } = follower;

        internal Socket Master { get; } = new(SocketType.Stream, ProtocolType.Tcp);

        internal HeldConnections? Held { get; set; }

        internal List<byte> HeldBack { get; } = [];

        internal Http2Frames Requests { get; } = new(hasPreface: true);

        internal Http2Frames Answers { get; } = new(hasPreface: false);

        internal bool IsAbandoned
        {
            get => _isAbandoned;
            set => _isAbandoned = value;
        }

        internal void Reset()
        {
            Follower.Close(0);
            Master.Close(0);
        }
    }
}
