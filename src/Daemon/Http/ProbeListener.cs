using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Daemon.Http;

/// <summary>Accepts connections of what watches a master, for Kestrel: with <see cref="PatientAccept"/>.</summary>
internal sealed class ProbeListener : IConnectionListener
{
    private readonly Socket _socket;
    private readonly PatientAccept _accept;
    private readonly SocketConnectionContextFactory _contexts;

    private ProbeListener(Socket socket, ILoggerFactory loggers)
    {
        _socket = socket;
        // The oldest goes when the next comes; there is nothing to free before.
        _accept = new PatientAccept(socket, loggers.CreateLogger("Interop.Sessions.Daemon"), () => { });
        _contexts = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions(), loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets"));
    }

    public EndPoint EndPoint => _socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accept.NextAsync(cancellationToken).ConfigureAwait(false) is { } connection)
        {
            try
            {
                connection.NoDelay = true;
                return _contexts.Create(connection);
            }
            catch (SocketException)
            {
                // It has ended already.
                connection.Dispose();
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _contexts.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Binds, for Kestrel.</summary>
    internal sealed class Factory(ILoggerFactory loggers) : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            Socket? socket = null;
            try
            {
                socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
                socket.Listen(Limits.MaxProbeConnections);
                return ValueTask.FromResult<IConnectionListener>(new ProbeListener(socket, loggers));
            }
            catch (SocketException error)
            {
                socket?.Dispose();
                throw error.SocketErrorCode == SocketError.AddressAlreadyInUse ? new AddressInUseException(error.Message, error) : error;
            }
        }
    }
}
