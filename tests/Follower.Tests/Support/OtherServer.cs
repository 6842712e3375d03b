using System;
using System.Linq;
using System.Net;
using System.Threading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>A real gRPC server that is no master of this release: it has the services that a test gives it.</summary>
internal sealed class OtherServer : IDisposable
{
    private readonly WebApplication _app;

    /// <param name="map">Its services.</param>
    /// <param name="configure">What they need.</param>
    internal OtherServer(Action<IEndpointRouteBuilder> map, Action<IServiceCollection>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        configure?.Invoke(builder.Services);
        _app = builder.Build();
        map(_app);
        _app.Start();
        IFeatureCollection features = _app.Services.GetRequiredService<IServer>().Features;
        Address = new Uri(features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
    }

    internal string Address { get; }

    public void Dispose()
    {
        // Streams of followers may be open: they get no time.
        using CancellationTokenSource now = new(0);
        _app.StopAsync(now.Token).GetAwaiter().GetResult();
        ((IDisposable)_app).Dispose();
    }
}
