using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// Accepts connections for Kestrel, which has no answer of its own where descriptors run out: it tries again at once, and
/// takes a whole core for it.
/// </summary>
internal sealed class SessionsListener : IConnectionListenerFactory, IConnectionListener
{
    private readonly CallGate _gate;
    private readonly ILogger _logger;
    private readonly LogBudgets _budgets = new();
    private readonly SocketConnectionContextFactory _contexts;
    private Socket? _socket;

    internal SessionsListener(CallGate gate, ILogger logger, ILogger transportLog)
    {
        _gate = gate;
        _logger = logger;
        _contexts = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), transportLog);
    }

    public EndPoint EndPoint => _socket!.LocalEndPoint!;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            _socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(error.Message, error);
        }

        _socket.Listen(Limits.ListenBacklog);
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    /// <summary>The next connection that has a place; null: it is over.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                await _gate.PassDoorAsync().ConfigureAwait(false);
                Socket socket = await _socket!.AcceptAsync(cancellationToken).ConfigureAwait(false);
                socket.NoDelay = true;
                ConnectionContext context = _contexts.Create(socket);
                ClientConnection connection = new(context);
                if (await FindPlaceAsync(connection).ConfigureAwait(false))
                {
                    context.Features.Set(connection);
                    context.Transport = _gate.BehindDoor(context.Transport, connection);
                    context.ConnectionClosed.Register(() => _gate.Close(connection));
                    return context;
                }

                await context.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is ObjectDisposedException or OperationCanceledException
                || error is SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The connection was reset while it waited to be accepted.
            }
            catch (SocketException error)
            {
                MasterLog.NotAccepted(_logger, _budgets, error.Message);
                _gate.MakeRoom();
                await Task.Delay(Limits.AcceptPauseMs, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket?.Dispose();
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
}
