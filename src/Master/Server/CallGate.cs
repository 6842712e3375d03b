using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

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
    private readonly CallThreads _threads;
    private readonly SemaphoreSlim _placeFreed = new(0);
    private readonly StrangersDoor _door = new();
    private readonly RefusedCalls _refused;
    private readonly ITimer _silentLook;
    private readonly ServedAddresses _addresses;
    private readonly SessionVerbs _verbs;
    private readonly BootTime _time;

    /// <param name="addresses">Where which service is served.</param>
    /// <param name="mostConnections">How many there may be.</param>
    /// <param name="verbs">Know what a caller is told instead of that it asked too much, and which sessions there are.</param>
    /// <param name="logger">Told of what no code expected on the threads of the calls.</param>
    internal CallGate(ServedAddresses addresses, int mostConnections, SessionVerbs verbs, ILogger logger)
    {
        _threads = new CallThreads(LastCatch.To(logger));
        _addresses = addresses;
        _refused = new RefusedCalls(verbs.Metrics);
        _verbs = verbs;
        _time = verbs.Time;
        _connections = new ConnectionTable<ClientConnection>(mostConnections, Limits.MaxStrangers);
        TimeSpan pause = TimeSpan.FromMilliseconds(Limits.SilentLookMs);
        _silentLook = _time.CreateTimer(_ => CloseSilent(), null, pause, pause);
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

    /// <summary>Descriptors have run out: others in this process need them. There will be fewer connections for some seconds.</summary>
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
    internal void Prove(ClientConnection connection, ulong sessionId)
    {
        long nowNs = _time.NowNs;
        if (connection.IsProven && nowNs - connection.ProvenNs < Ns.FromMs(Limits.ProofMs))
        {
            return;
        }

        lock (_lock)
        {
            // Asked in the lock: of a session that ends behind this answer, SessionEnded comes behind this proof.
            if (_verbs.IsLive(sessionId))
            {
                (connection.IsProven, connection.ProvenNs) = (true, nowNs);
                _connections.Prove(connection, sessionId, nowNs);
                NoteDemoted();
            }
        }
    }

    /// <summary>A session has ended: connections are no longer its holder's.</summary>
    internal void SessionEnded(ulong sessionId)
    {
        lock (_lock)
        {
            _connections.SessionEnded(sessionId, _time.NowNs);
            NoteDemoted();
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
            refusal = always ?? _addresses.Told(kind.Service, _verbs.InsteadOf(refusal));
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
        CountedBody body = new(request.Request.BodyReader, kind, holding, _verbs.InsteadOf);
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

    // In the lock.
    private void NoteDemoted()
    {
        foreach (ClientConnection connection in _connections.TakeDemoted())
        {
            connection.IsProven = false;
        }
    }

    private void CloseSilent()
    {
        IReadOnlyList<ClientConnection> silent;
        lock (_lock)
        {
            silent = _connections.TakeSilent(_time.NowNs);
            _connections.Recover();
            NoteDemoted();
        }

        foreach (ClientConnection connection in silent)
        {
            connection.Abort("it renews no session and says nothing");
        }
    }
}
