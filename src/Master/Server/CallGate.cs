using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// Before every request, ahead of routing and gRPC: refuses what is too much while it has cost nothing, and takes all but
/// renewals off the thread pool. <see cref="CallAdmission"/> and <see cref="ConnectionTable{T}"/> decide.
/// </summary>
internal sealed class CallGate : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CallAdmission _admission = new();
    private readonly ConnectionTable<ClientConnection> _connections;
    private readonly SharedBudget _requestBytes = new("requests that are being received", Limits.MaxRequestBytesInProgress);
    private readonly CallThreads _threads = new();
    private readonly SemaphoreSlim _placeFreed = new(0);
    private readonly StrangersDoor _door = new();
    private readonly RefusedCalls _refused;
    private readonly ITimer _silentLook;
    private readonly ServedAddresses _addresses;
    private readonly BootTime _time;
    private readonly Func<SessionException, SessionException> _insteadOf;

    /// <param name="addresses">Where which service is served.</param>
    /// <param name="mostConnections">How many there may be.</param>
    /// <param name="insteadOf">What a caller is told instead of that it asked too much.</param>
    /// <param name="metrics">Counts what is refused.</param>
    /// <param name="time">By which a connection is silent.</param>
    internal CallGate(
        ServedAddresses addresses, int mostConnections, Func<SessionException, SessionException> insteadOf, MasterMetrics metrics, BootTime time)
    {
        _addresses = addresses;
        _refused = new RefusedCalls(metrics);
        _insteadOf = insteadOf;
        _connections = new ConnectionTable<ClientConnection>(mostConnections, Limits.MaxStrangers);
        _time = time;
        TimeSpan pause = TimeSpan.FromMilliseconds(Limits.SilentLookMs);
        _silentLook = time.CreateTimer(_ => CloseSilent(), null, pause, pause);
    }

    /// <summary>How many connections have a place.</summary>
    internal int Connections
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>A connection comes. To make a place for it another may be closed.</summary>
    internal PlaceAnswer Open(ClientConnection connection)
    {
        ClientConnection? mustGo;
        PlaceAnswer answer;
        lock (_lock)
        {
            answer = _connections.Open(connection, _time.NowNs, out mustGo);
        }

        mustGo?.Abort("its place is needed, and it renews no session");
        return answer;
    }

    /// <summary>Descriptors have run out: others in this process need them. There will be fewer connections from now on.</summary>
    internal void MakeRoom()
    {
        List<ClientConnection> mustGo = [];
        lock (_lock)
        {
            _connections.Shrink(_connections.Count - Limits.ReservedDescriptors);
            while (_connections.TryEvict(_time.NowNs, out ClientConnection? next))
            {
                mustGo.Add(next!);
            }
        }

        mustGo.ForEach(connection => connection.Abort("its descriptor is needed, and it renews no session"));
    }

    /// <summary>Waits for the turn of a stranger; one that comes new, too.</summary>
    internal Task PassDoorAsync() => _door.PassAsync();

    /// <summary>What the server reads of a connection, in its turn.</summary>
    internal IDuplexPipe BehindDoor(IDuplexPipe transport, ClientConnection connection) =>
        _door.Behind(transport, connection);

    /// <summary>A connection has ended.</summary>
    internal void Close(ClientConnection connection)
    {
        lock (_lock)
        {
            _connections.Close(connection);
        }

        if (_placeFreed.CurrentCount == 0)
        {
            _placeFreed.Release();
        }
    }

    /// <summary>Waits until a place may be free; for one waiter.</summary>
    internal Task AwaitPlaceAsync() => _placeFreed.WaitAsync(Limits.PlaceLookMs);

    /// <summary>A message has come on a keep-alive stream.</summary>
    internal void Use(ClientConnection connection)
    {
        lock (_lock)
        {
            _connections.Use(connection, _time.NowNs);
        }
    }

    /// <summary>The connection has shown who it is.</summary>
    internal void Vouch(ClientConnection connection)
    {
        lock (_lock)
        {
            _connections.Vouch(connection, _time.NowNs);
        }
    }

    /// <summary>The connection has made or renewed a session, or shown that it holds one.</summary>
    internal void Prove(ClientConnection connection)
    {
        if (connection.IsProven)
        {
            return;
        }

        lock (_lock)
        {
            connection.IsProven = true;
            _connections.Prove(connection);
        }
    }

    /// <summary>Answers a request, or refuses it.</summary>
    internal async Task RunAsync(HttpContext request, RequestDelegate answer)
    {
        RequestKind kind = RequestKind.Of(request.Request.Path);
        CallClass call = kind.Class;
        ClientConnection connection = request.Features.GetRequiredFeature<ClientConnection>();
        // Whether this master leads changes nothing about these.
        SessionException? always = connection.NotLetIn ?? ServedAddresses.RefusalOf(kind.Service, connection.Served);
        if ((always ?? Begin(call, connection)) is { } refusal)
        {
            refusal = always ?? _addresses.Told(kind.Service, _insteadOf(refusal));
            _refused.Note(kind, refusal.Status);
            Refusals.Write(request.Response, refusal);
            if (connection.Calls.IsDeaf && !connection.IsProven)
            {
                connection.Abort("it goes beyond its bounds again and again");
            }

            return;
        }

        using RequestHolding? holding =
            call == CallClass.KeepAlive ? null : new(_requestBytes, connection.Requests, request.Abort, BootTime.OfMachine);
        CountedBody body = new(request.Request.BodyReader, kind, holding, _insteadOf);
        request.Features.Set<IRequestBodyPipeFeature>(body);
        try
        {
            await (call == CallClass.KeepAlive
                ? answer(request)
                : Task.Factory.StartNew(
                    () => AnswerAsync(request, answer), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _threads)
                    .Unwrap()).ConfigureAwait(false);
        }
        finally
        {
            End(call, connection);
            _refused.Note(kind, request);
        }
    }

    /// <summary>Ends the threads, behind the calls.</summary>
    public void Dispose()
    {
        _silentLook.Dispose();
        _placeFreed.Dispose();
        _door.Dispose();
        _threads.Dispose();
    }

    // A request that was reset while it waited is not begun.
    private static Task AnswerAsync(HttpContext request, RequestDelegate answer) =>
        request.RequestAborted.IsCancellationRequested ? Task.CompletedTask : answer(request);

    private SessionException? Begin(CallClass call, ClientConnection connection)
    {
        lock (_lock)
        {
            if (_admission.Begin(call, connection.Calls) is { } refusal)
            {
                return refusal;
            }

            if (call == CallClass.KeepAlive)
            {
                _connections.Use(connection, _time.NowNs);
            }
            else
            {
                _connections.BeginCall(connection, _time.NowNs);
            }

            return null;
        }
    }

    private void End(CallClass call, ClientConnection connection)
    {
        lock (_lock)
        {
            _admission.End(call, connection.Calls);
            if (call != CallClass.KeepAlive)
            {
                _connections.EndCall(connection, _time.NowNs);
            }
        }
    }

    private void CloseSilent()
    {
        IReadOnlyList<ClientConnection> silent;
        lock (_lock)
        {
            silent = _connections.TakeSilent(_time.NowNs);
        }

        foreach (ClientConnection connection in silent)
        {
            connection.Abort("it renews no session and says nothing");
        }
    }
}
