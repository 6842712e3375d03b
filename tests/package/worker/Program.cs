// A .NET worker that works only under the lease of its session, says how well it is, and stops cleanly.
//
// usage: Worker --identity NAME --master HOST:PORT
using Interop.Sessions;
using Interop.Sessions.Follower;
using Interop.Sessions.Follower.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Worker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<FollowerCallbacks, SessionNews>();
builder.Services.AddSessionFollower(options =>
{
    options.Identity = builder.Configuration["identity"] ?? "";
    options.Endpoints.Add(builder.Configuration["master"] ?? "");
    options.Recreate = RecreatePolicy.AfterLoss;
    options.EffectDelayMs = 20;
    options.Insecure = Insecure.Loopback;
});
builder.Services.AddHealthChecks().AddSessionFollower();
builder.Services.AddSingleton<IHealthCheckPublisher, HealthNews>();
builder.Services.Configure<HealthCheckPublisherOptions>(options =>
{
    options.Delay = System.TimeSpan.Zero;
    options.Period = System.TimeSpan.FromSeconds(1);
});

// After the follower: it is stopped before it.
builder.Services.AddHostedService<LeasedWork>();
await builder.Build().RunAsync();
System.Console.WriteLine("stopped");
