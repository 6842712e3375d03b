using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;

namespace Interop.Sessions.Daemon.Http;

/// <summary>
/// Places for what watches a master. A probe takes milliseconds, so where all are taken a connection goes: the oldest of the address
/// that has most of them. A stranger that holds connections open, or dials without end, keeps no probe of another address out, whose
/// failure would have the master killed. Prometheus dials again.
/// </summary>
internal sealed class ProbePlaces
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(ConnectionContext Connection, IPAddress Address)> _connections = new();

    /// <summary>Serves a connection, which has a place until it ends.</summary>
    internal async Task KeepAsync(ConnectionContext connection, ConnectionDelegate serve)
    {
        IPAddress address = connection.RemoteEndPoint is IPEndPoint peer ? peer.Address : IPAddress.None;
        LinkedListNode<(ConnectionContext, IPAddress)> place = new((connection, address));
        ConnectionContext? mustGo = null;
        lock (_lock)
        {
            _connections.AddLast(place);
            if (_connections.Count > Limits.MaxProbeConnections)
            {
                mustGo = RemoveOne();
            }
        }

        mustGo?.Abort(new ConnectionAbortedException("its place is needed by a connection that comes"));
        try
        {
            await serve(connection).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                if (place.List != null)
                {
                    _connections.Remove(place);
                }
            }
        }
    }

    private ConnectionContext RemoveOne()
    {
        (ConnectionContext Connection, IPAddress) one = _connections.GroupBy(held => held.Address).MaxBy(held => held.Count())!.First();
        _connections.Remove(one);
        return one.Connection;
    }
}
