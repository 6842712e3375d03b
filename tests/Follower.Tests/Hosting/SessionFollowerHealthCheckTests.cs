using System;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Hosting;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Hosting;

public sealed class SessionFollowerHealthCheckTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public async Task Health_follows_the_session_from_before_it_to_its_end()
    {
        using TcpProxy proxy = new(_master.Port);
        using IHost host = Build(proxy.Address);
        HealthCheckService checks = host.Services.GetRequiredService<HealthCheckService>();
        HealthReport before = await checks.CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, before.Status);
        Assert.Equal("session", Assert.Single(before.Entries.Keys));

        await host.StartAsync();
        SessionFollower follower = host.Services.GetRequiredService<SessionFollower>();
        SessionInfo session = await follower.WaitForLeaseAsync().WaitAsync(Eventually.Patience);
        HealthReport held = await checks.CheckHealthAsync();
        Assert.NotEqual(HealthStatus.Unhealthy, held.Status);
        Assert.Equal(session.Epoch, held.Entries["session"].Data["epoch"]);
        proxy.Cut();
        Eventually.IsTrue(() => follower.Session.State == SessionState.Jeopardy, "in jeopardy");
        Assert.Equal(HealthStatus.Unhealthy, (await checks.CheckHealthAsync()).Status);
        await host.StopAsync();

        HealthReport after = await checks.CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, after.Status);
        Assert.Contains("lost: CLOSED", after.Entries["session"].Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SessionState.Alive, HealthStatus.Healthy)]
    [InlineData(SessionState.Suspect, HealthStatus.Degraded)]
    [InlineData(SessionState.Jeopardy, HealthStatus.Unhealthy)]
    [InlineData(SessionState.Lost, HealthStatus.Unhealthy)]
    [InlineData(SessionState.None, HealthStatus.Unhealthy)]
    public void Each_state_has_a_health(SessionState state, HealthStatus expected) =>
        Assert.Equal(expected, SessionFollowerHealthCheck.StatusOf(state, HealthStatus.Unhealthy));

    [Fact]
    public async Task A_check_belongs_to_the_follower_that_it_names_and_fails_as_it_was_told()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (string name in (string[])["left", "right"])
        {
            builder.Services.AddSessionFollower(name, options =>
            {
                options.Identity = $"server-{name}";
                options.Endpoints.Add("127.0.0.1:1");
                options.Insecure = Insecure.Loopback;
            });
            builder.Services.AddHealthChecks().AddSessionFollower(name, failureStatus: HealthStatus.Degraded);
        }

        using IHost host = builder.Build();
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal("server-left", report.Entries["session-left"].Data["identity"]);
        Assert.Equal("server-right", report.Entries["session-right"].Data["identity"]);
        Assert.Equal(HealthStatus.Degraded, report.Status);
    }

    public void Dispose() => _master.Dispose();

    private static IHost Build(string master)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSessionFollower(options =>
        {
            options.Identity = "hosted";
            options.Endpoints.Add(master);
            options.Insecure = Insecure.Loopback;
        });
        builder.Services.AddHealthChecks().AddSessionFollower();
        return builder.Build();
    }
}
