using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace Interop.Sessions.Tests.Support;

/// <summary>Ports of loopback, for what cannot choose one itself.</summary>
internal static class Ports
{
    /// <summary>So many that nobody has right now.</summary>
    internal static int[] Free(int count)
    {
        List<TcpListener> listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }
}
