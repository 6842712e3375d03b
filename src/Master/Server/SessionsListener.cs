using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Server;

/// <summary>Accepts connections of followers and operators, for Kestrel: with <see cref="PatientAccept"/>, and those that have a place.</summary>
internal sealed class SessionsListener : IConnectionListener
{
    private readonly CallGate _gate;
    private readonly ILogger _logger;
    private readonly LogBudgets _budgets;
    private readonly SocketConnectionContextFactory _contexts;
    private readonly Socket _socket;
    private readonly PatientAccept _accept;

    private SessionsListener(Socket socket, CallGate gate, ILogger logger, LogBudgets budgets, ILogger transportLog)
    {
        _socket = socket;
        _gate = gate;
        _logger = logger;
        _budgets = budgets;
        _accept = new PatientAccept(socket, logger, gate.MakeRoom);
        _contexts = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), transportLog);
    }

    public EndPoint EndPoint => _socket.LocalEndPoint!;

    /// <summary>The next connection that has a place; null: it is over.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? socket = null;
            try
            {
                await _gate.PassDoorAsync().ConfigureAwait(false);
                socket = await _accept.NextAsync(cancellationToken).ConfigureAwait(false);
                if (socket == null)
                {
                    return null;
                }

                if (await TakeAsync(socket).ConfigureAwait(false) is { } connection)
                {
                    return connection;
                }
            }
            catch (Exception error) when (PatientAccept.IsOver(error))
            {
                return null;
            }
            catch (SocketException)
            {
                // The connection has ended already.
                socket?.Dispose();
            }
        }
    }

    private async Task<ConnectionContext?> TakeAsync(Socket socket)
    {
        PeerCredentials? local = PeerCredentials.Of(socket);
        if (local == null)
        {
            socket.NoDelay = true;
        }

        ConnectionContext context = _contexts.Create(socket);
        ClientConnection connection = new(context, local);
        if (!await FindPlaceAsync(connection).ConfigureAwait(false))
        {
            await context.DisposeAsync().ConfigureAwait(false);
            return null;
        }

        if (local != null)
        {
            // The mode of the socket's file has let it in: it is no stranger, as one with a certificate is none.
            _gate.Vouch(connection);
        }

        context.Features.Set(connection);
        context.Transport = _gate.BehindDoor(context.Transport, connection);
        context.ConnectionClosed.Register(() => _gate.Close(connection));
        return context;
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

    private async Task<bool> FindPlaceAsync(ClientConnection connection)
    {
        PlaceAnswer answer;
        while ((answer = _gate.Open(connection)) == PlaceAnswer.Later)
        {
            MasterLog.NoPlace(_logger, _budgets, "those that renew no session make room");
            await _gate.AwaitPlaceAsync().ConfigureAwait(false);
        }

        if (answer == PlaceAnswer.None)
        {
            MasterLog.NoPlace(_logger, _budgets, "it was refused, as all renew sessions");
            connection.Abort("there is no place for it");
        }

        return answer == PlaceAnswer.Granted;
    }

    /// <summary>Binds, for Kestrel, one listener an address.</summary>
    internal sealed class Factory(ServedAddresses addresses, CallGate gate, ILogger logger, ILogger transportLog) : IConnectionListenerFactory
    {
        private readonly LogBudgets _budgets = new();

        /// <exception cref="SessionException">AddressInUse, AddressUnusable, OutOfResources: names the option.</exception>
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            Socket? socket = null;
            try
            {
                socket = endpoint is UnixDomainSocketEndPoint file
                    ? UnixSocketFile.Bind(file.ToString())
                    : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
                socket.Listen(Limits.ListenBacklog);
                return ValueTask.FromResult<IConnectionListener>(new SessionsListener(socket, gate, logger, _budgets, transportLog));
            }
            catch (SocketException error)
            {
                socket?.Dispose();
                (SessionStatus status, string what) = error.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => (SessionStatus.AddressInUse, "is in use"),
                    SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => (SessionStatus.OutOfResources, "cannot be bound"),
                    _ => (SessionStatus.AddressUnusable, "cannot be bound"),
                };
                throw new SessionException(status, $"{addresses.NameOf(endpoint)} {what}: {error.Message}", error);
            }
        }
    }
}
