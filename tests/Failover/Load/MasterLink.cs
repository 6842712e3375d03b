using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Failover.Load;

/// <summary>The masters as a client on the wire knows them, and which of them is thought to lead.</summary>
internal sealed class MasterLink : IDisposable
{
    private readonly IReadOnlyList<string> _addresses;
    private readonly Dictionary<string, GrpcChannel> _channels;
    private int _current;

    internal MasterLink(IReadOnlyList<string> addresses)
    {
        _addresses = addresses;
        _channels = addresses.ToDictionary(address => address, address => GrpcChannel.ForAddress(
            $"http://{address}",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(500) },
                InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
                MaxReconnectBackoff = TimeSpan.FromMilliseconds(200),
                DisposeHttpClient = true,
            }));
    }

    internal string Current => _addresses[Volatile.Read(ref _current)];

    internal Wire.Sessions.SessionsClient Sessions(string address) => new(_channels[address]);

    internal Wire.Administration.AdministrationClient Administration => new(_channels[Current]);

    /// <summary>Somebody else than this one leads, perhaps the one that was named.</summary>
    internal void MoveOnFrom(string address, string? hint)
    {
        int from = _addresses.ToList().IndexOf(address);
        int hinted = hint == null ? -1 : _addresses.ToList().IndexOf(hint);
        int next = hinted >= 0 && hinted != from ? hinted : (from + 1) % _addresses.Count;
        Interlocked.CompareExchange(ref _current, next, from);
    }

    internal void MoveOnFrom(string address, RpcException error) =>
        MoveOnFrom(address, StatusOnTheWire.FromRpc(error).LeaderHint);

    public void Dispose()
    {
        foreach (GrpcChannel channel in _channels.Values)
        {
            channel.Dispose();
        }
    }
}
