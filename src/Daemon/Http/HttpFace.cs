using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Hosting;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Interop.Sessions.Daemon.Http;

/// <summary>
/// What watches a master over HTTP: metrics as Prometheus reads them, and probes. It is there before the master is, and after it has
/// stopped. Kestrel and the exporter do all; <see cref="ProbeAnswer"/> decides what a probe hears.
/// </summary>
/// <param name="address">Where.</param>
/// <param name="tlsOptions">The master's; null: no TLS is spoken.</param>
/// <param name="services">Where the master will be.</param>
/// <param name="lifetime">Says when the program was told to stop.</param>
/// <param name="loggers">For what Kestrel says.</param>
internal sealed class HttpFace(
    IPEndPoint address, TlsOptions? tlsOptions, IServiceProvider services, IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    : IHostedService, IDisposable
{
    private readonly ProbePlaces _places = new();
    private TlsFiles? _tls;
    private WebApplication? _application;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The master follows the same files, and tells of them; but not of what this thread meets.
        _tls = tlsOptions == null
            ? null
            : TlsFiles.Open(tlsOptions, "tls", new NoTlsNews(), LastCatch.To(loggers.CreateLogger("session-master")));
        _application = Build();
        try
        {
            await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new SessionException(
                error.InnerException is AddressInUseException ? SessionStatus.AddressInUse : SessionStatus.AddressUnusable,
                $"--http-listen {address} cannot be bound: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable?)_application)?.Dispose();
        _tls?.Dispose();
    }

    private WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("session-master", autoGenerateServiceInstanceId: false))
            .AddMeter("Interop.Sessions.*", "System.Runtime")
            .AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false)
            .Build());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxRequestHeadersTotalSize = Limits.MaxRequestHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(Limits.RequestHeadersMs);
            kestrel.Listen(address, Guard);
        });
        builder.Services.AddSingleton<IConnectionListenerFactory>(new ProbeListener.Factory(loggers));
        WebApplication application = builder.Build();
        application.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
        application.Run(AnswerAsync);
        return application;
    }

    private void Guard(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        // Before the handshake, which takes a place, too.
        listen.Use(next => connection => _places.KeepAsync(connection, next));
        if (_tls is { } files)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => new ValueTask<SslServerAuthenticationOptions>(TlsHandshake.ServerOptions(files, SslApplicationProtocol.Http11)),
                HandshakeTimeout = TimeSpan.FromMilliseconds(Limits.ServerHandshakeMs),
            });
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        ProbeAnswer? answer = ProbeAnswer.At(context.Request.Path.Value ?? "", Phase, Master?.ActingEpoch);
        bool isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        context.Response.StatusCode = !isRead ? StatusCodes.Status405MethodNotAllowed : answer?.Status ?? StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(
            (!isRead ? "only GET and HEAD" : answer?.Text ?? "there are /metrics, /live, /ready and /leader") + "\n");
    }

    private SessionMaster? Master => services.GetRequiredService<SessionMasterHost>().Started;

    private WatchedPhase Phase => lifetime.ApplicationStopping.IsCancellationRequested ? WatchedPhase.Stopping
        : Master == null ? WatchedPhase.Starting
        : WatchedPhase.Serving;

    /// <summary>Signals are the program's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
