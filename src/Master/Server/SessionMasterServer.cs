using System;
using System.Threading;
using System.Threading.Tasks;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Server;

/// <summary>Kestrel and gRPC around a verbs. HTTP/2, at the master's addresses.</summary>
internal sealed class SessionMasterServer : IDisposable
{
    private readonly WebApplication _application;
    private readonly CallGate _gate;
    private readonly CallsInProgress _calls;
    private readonly ServedAddresses _addresses;

    private SessionMasterServer(WebApplication application, CallGate gate, ServedAddresses addresses)
    {
        _application = application;
        _gate = gate;
        _addresses = addresses;
        _calls = application.Services.GetRequiredService<CallsInProgress>();
    }

    /// <inheritdoc cref="CallGate.Connections"/>
    internal int Connections => _gate.Connections;

    /// <inheritdoc cref="ServedAddresses.Port"/>
    internal int Port => _addresses.Port;

    /// <inheritdoc cref="ServedAddresses.AdminPort"/>
    internal int AdminPort => _addresses.AdminPort;

    /// <inheritdoc cref="CallGate.SessionEnded"/>
    internal void SessionEnded(ulong sessionId) => _gate.SessionEnded(sessionId);

    /// <summary>Starts listening.</summary>
    /// <exception cref="SessionException">AddressInUse, AddressUnusable or OutOfResources.</exception>
    /// <param name="verbs">Answer.</param>
    /// <param name="options">Where, and for how many sessions: so many connections may come, at least.</param>
    /// <param name="tls">Who the master is; null: no TLS is spoken.</param>
    /// <param name="rights">Who may do what; null: everybody everything.</param>
    /// <param name="logger">The master's own.</param>
    /// <param name="loggers">For what Kestrel and gRPC say.</param>
    internal static SessionMasterServer Start(
        SessionVerbs verbs, SessionMasterOptions options, TlsFiles? tls, RightsInForce? rights, ILogger logger, ILoggerFactory loggers)
    {
        ServedAddresses addresses = new(options);
        CallGate gate = new(addresses, RoomForConnections(options.MaxSessions, logger), verbs, logger);
        TlsDoor? door = tls == null ? null : new TlsDoor(tls, options.Insecure, gate, logger);
        SessionMasterServer server;
        try
        {
            server = new SessionMasterServer(Build(verbs, addresses, gate, door, rights, logger, new ServerLoggers(loggers)), gate, addresses);
        }
        catch
        {
            gate.Dispose();
            throw;
        }

        try
        {
            server._application.StartAsync().GetAwaiter().GetResult();
            return server;
        }
        catch (OutOfMemoryException error)
        {
            server.Dispose();
            throw new SessionException(SessionStatus.OutOfResources, "no thread or memory for the server", error);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening; calls in progress get a moment to end. The master refuses new ones already.</summary>
    public void Dispose()
    {
        _calls.AwaitEnd(Limits.StopTimeoutMs);
        using CancellationTokenSource patience = new(Limits.ConnectionCloseMs);
        _application.StopAsync(patience.Token).GetAwaiter().GetResult();
        ((IDisposable)_application).Dispose();
        _gate.Dispose();
    }

    // The empty builder: the others add a console logger, file watchers and the host's folder as content root.
    private static WebApplication Build(
        SessionVerbs verbs, ServedAddresses addresses, CallGate gate, TlsDoor? door, RightsInForce? rights, ILogger logger,
        ServerLoggers loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoHostLifetime>();
        builder.Services.AddSingleton<ILoggerFactory>(loggers);
        builder.Services.AddSingleton(verbs);
        builder.Services.AddSingleton(gate);
        builder.Services.AddSingleton(addresses);
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MessageBounds.LargestRequest;
            grpc.MaxSendMessageSize = Limits.MaxMessageBytes;
            grpc.Interceptors.Add<StatusInterceptor>();
            if (rights != null)
            {
                grpc.Interceptors.Add<RightsDoor>();
            }
        });
        if (rights != null)
        {
            builder.Services.AddSingleton(new RightsDoor(rights, verbs, logger));
        }

        // A few compressed bytes may be a large message: no follower sends any. Behind gRPC's own setup, which fills an empty list.
        builder.Services.PostConfigure<GrpcServiceOptions>(grpc => grpc.CompressionProviders.Clear());
        WatchStreams watches = new(verbs, gate);
        AddBounded(builder.Services, new SessionsService(verbs, gate, watches), Protocol.V1.Sessions.BindService);
        AddBounded(builder.Services, new AdministrationService(verbs, watches), Protocol.V1.Administration.BindService);
        builder.Services.AddSingleton(new CallsInProgress(verbs.Time));
        builder.Services.AddSingleton<StatusInterceptor>();
        builder.Services.AddGrpcHealthChecks().AddCheck("leads", new LeadershipHealth(verbs));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Bound(kestrel.Limits);
            addresses.AddTo(kestrel, door);
        });
        // Behind Kestrel's own, as the last one is used.
        builder.Services.AddSingleton<IConnectionListenerFactory>(new SessionsListener.Factory(
            addresses, gate, logger, loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets")));

        WebApplication application = builder.Build();
        application.Use(answer => request => gate.RunAsync(request, answer));
        application.UseRouting();
        application.MapGrpcService<BoundedService<SessionsService>>();
        application.MapGrpcService<BoundedService<AdministrationService>>();
        application.MapGrpcHealthChecksService();
        return application;
    }

    private static void Bound(KestrelServerLimits limits)
    {
        limits.Http2.MaxStreamsPerConnection = Limits.MaxStreamsPerConnection;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromMilliseconds(Limits.ConnectionProbeMs);
        limits.Http2.MaxRequestHeaderFieldSize = Limits.MaxRequestHeaderBytes;
        limits.MaxRequestHeadersTotalSize = Limits.MaxRequestHeaderBytes;
        limits.MaxResponseBufferSize = Limits.MaxUnreadBytes;
        limits.KeepAliveTimeout = TimeSpan.FromMilliseconds(Limits.IdleConnectionMs);
        limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(Limits.RequestHeadersMs);
    }

    private static int RoomForConnections(uint maxSessions, ILogger logger)
    {
        long free = Descriptors.Most - Descriptors.Open - Limits.ReservedDescriptors;
        int room = (int)Math.Clamp(free, 1, Limits.MaxConnections);
        if (room < maxSessions)
        {
            MasterLog.FewDescriptors(logger, Descriptors.Most, room, maxSessions);
        }

        return room;
    }

    private static void AddBounded<TService>(
        IServiceCollection services, TService service, Action<ServiceBinderBase, TService> bind)
    {
        BoundedService<TService> bounded = new(binder => bind(binder, service));
        services.AddSingleton(bounded);
        services.AddSingleton<IServiceMethodProvider<BoundedService<TService>>>(new BoundedService<TService>.Methods(bounded));
    }

    /// <summary>ConsoleLifetime, which the hosting layer would choose, takes SIGTERM away from the process's owner.</summary>
    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
