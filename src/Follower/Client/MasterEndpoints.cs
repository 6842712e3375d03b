using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>The masters that are known, one channel each, and which of them is thought to lead.</summary>
internal sealed class MasterEndpoints : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _addresses;
    private readonly Dictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);
    private readonly Queue<GrpcChannel> _disconnected = new();
    private readonly ConcurrentDictionary<string, int> _dialling = new(StringComparer.Ordinal);
    private int _current;
    private bool _disposed;

    internal MasterEndpoints(IReadOnlyList<string> addresses) => _addresses = [.. addresses];

    /// <summary>The master to talk to.</summary>
    internal string Current
    {
        get
        {
            lock (_lock)
            {
                return _addresses[_current];
            }
        }
    }

    /// <summary>Is it "host:port"?</summary>
    internal static bool IsAddress(string address)
    {
        int colon = address.LastIndexOf(':');
        return Encoding.UTF8.GetByteCount(address) <= Limits.MaxEndpointBytes && colon > 0 &&
            ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) &&
            port != 0 && Uri.TryCreate($"http://{address}", UriKind.Absolute, out Uri? uri) && uri.PathAndQuery == "/";
    }

    /// <summary>The channel to a master; made when first needed.</summary>
    internal GrpcChannel ChannelTo(string address)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_channels.TryGetValue(address, out GrpcChannel? channel))
            {
                channel = Open(address);
                _channels.Add(address, channel);
            }

            return channel;
        }
    }

    /// <summary>Is it being dialled, with no answer to the dial so far?</summary>
    internal bool IsDialling(string address) => _dialling.GetValueOrDefault(address) > 0;

    /// <summary>
    /// The connection to a master is not to be trusted: the next call dials anew. Calls that are on their way have until
    /// the next few disconnections to be answered all the same.
    /// </summary>
    internal void Disconnect(string address)
    {
        lock (_lock)
        {
            if (!_channels.Remove(address, out GrpcChannel? channel))
            {
                return;
            }

            _disconnected.Enqueue(channel);
            if (_disconnected.Count > Limits.MaxDisconnectedChannels)
            {
                _disconnected.Dequeue().Dispose();
            }
        }
    }

    /// <summary>A master failed: the next one, unless somebody has moved on from it already.</summary>
    internal void MoveOnFrom(string address)
    {
        lock (_lock)
        {
            if (_addresses[_current] == address)
            {
                _current = (_current + 1) % _addresses.Count;
            }
        }
    }

    /// <summary>What a failed call teaches of its master.</summary>
    internal void NoteFailure(SessionException failure, string address)
    {
        if (failure.Status == SessionStatus.NotLeader)
        {
            Follow(failure.LeaderHint, address);
        }
        else if (failure.Status is SessionStatus.NoMaster or SessionStatus.TimedOut)
        {
            MoveOnFrom(address);
        }
    }

    /// <summary>A master named the leader. One that is not in the configuration joins it, up to the limit.</summary>
    internal void Follow(string? leaderHint, string from)
    {
        if (string.IsNullOrEmpty(leaderHint))
        {
            MoveOnFrom(from);
            return;
        }

        lock (_lock)
        {
            int index = _addresses.IndexOf(leaderHint);
            if (index < 0 && _addresses.Count < Limits.MaxEndpoints && IsAddress(leaderHint))
            {
                _addresses.Add(leaderHint);
                index = _addresses.Count - 1;
            }

            _current = index < 0 || leaderHint == from ? (_current + 1) % _addresses.Count : index;
        }
    }

    /// <summary>Closes all channels.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (GrpcChannel channel in _channels.Values.Concat(_disconnected))
            {
                channel.Dispose();
            }
        }
    }

    private GrpcChannel Open(string address) => GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellation) => DialAsync(address, context, cancellation),
            ConnectTimeout = TimeSpan.FromMilliseconds(Limits.ConnectTimeoutMs),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromMilliseconds(Limits.AnswerProbeMs),
            KeepAlivePingTimeout = TimeSpan.FromMilliseconds(Limits.AnswerProbeTimeoutMs),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = false,
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = Limits.MaxMessageBytes,
        MaxSendMessageSize = Limits.MaxMessageBytes,
        // Retries are this library's own business: gRPC's know neither leases nor nonces.
        MaxRetryAttempts = 1,
    });

    private async ValueTask<Stream> DialAsync(
        string address, SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        _dialling.AddOrUpdate(address, 1, (_, dials) => dials + 1);
        try
        {
            return await DirectDial.ConnectAsync(context, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _dialling.AddOrUpdate(address, 0, (_, dials) => dials - 1);
        }
    }
}
