using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Hosting;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Interop.Sessions.Master.Tests.Hosting;

/// <summary>A master in a .NET host.</summary>
public sealed class SessionMasterServicesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_hosted_master_serves_while_the_host_runs_and_calls_the_hosts_access_manager()
    {
        RecordingAccessManager hooks = new();
        using IHost host = Build(services => services.AddSingleton<AccessManager>(hooks));
        await host.StartAsync();
        SessionMaster master = host.Services.GetRequiredService<SessionMasterHost>().Master;
        using MasterClient client = new(master.Port);
        await client.CreateAsync("server");
        Assert.Equal(["SessionInitialize", "SessionCreated"], hooks.CallsOf("server"));

        await host.StopAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => client.CreateAsync("another"));
        using IHost successor = Build(_ => { });
        await successor.StartAsync();
        Assert.Equal(
            "server",
            successor.Services.GetRequiredService<SessionMasterHost>().Master.ListSessions().Rows.Single().Description.Identity);
        await successor.StopAsync();
    }

    [Fact]
    public async Task A_host_whose_master_cannot_start_does_not_start()
    {
        using IHost host = Build(services => services.PostConfigure<SessionMasterOptions>(options => options.TermMs = 1));
        OptionsValidationException refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("session master: term_ms is 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_store_is_missing_does_not_start()
    {
        using IHost host = Build(services => services.PostConfigure<SessionMasterOptions>(options => options.CreateStore = false));
        Assert.Equal(
            SessionStatus.StoreFailed, (await Assert.ThrowsAsync<SessionException>(() => host.StartAsync())).Status);
    }

    [Fact]
    public async Task The_health_of_a_master_is_whether_it_leads_stands_by_or_does_not_run()
    {
        RecordingAccessManager hooks = new();
        using IHost host = Build(services =>
        {
            services.AddSingleton<AccessManager>(hooks);
            services.AddHealthChecks().AddSessionMaster();
        });
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);

        await host.StartAsync();
        HealthReport leads = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, leads.Status);
        SessionMaster master = host.Services.GetRequiredService<SessionMasterHost>().Master;
        Assert.Equal(master.MasterEpoch, leads.Entries["session-master"].Data["masterEpoch"]);

        hooks.OnCheckLeader = () => new LeaderAnswer(false);
        await Eventually.IsTrueAsync(
            async () => (await health.CheckHealthAsync()).Status == HealthStatus.Degraded, "it stands by");

        await host.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
    }

    [Fact]
    public void A_second_master_in_one_host_is_refused()
    {
        ServiceCollection services = new();
        services.AddSessionMaster(new SessionMasterOptions());
        Assert.Throws<ArgumentException>(() => services.AddSessionMaster(_ => { }));
    }

    [Fact]
    public async Task A_hook_that_hangs_holds_the_stop_of_the_host_up_no_longer_than_the_host_allows()
    {
        using ManualResetEventSlim isInside = new();
        using ManualResetEventSlim mayReturn = new();
        RecordingAccessManager hooks = new()
        {
            OnSessionInitialize = (_, _) =>
            {
                isInside.Set();
                mayReturn.Wait(Eventually.Patience);
            },
        };
        using IHost host = Build(services => services.AddSingleton<AccessManager>(hooks));
        await host.StartAsync();
        SessionMasterHost hosted = host.Services.GetRequiredService<SessionMasterHost>();
        using MasterClient client = new(hosted.Master.Port);
        Task<Protocol.V1.CreateSessionReply> created = client.CreateAsync("server");
        Assert.True(isInside.Wait(TimeSpan.FromMinutes(1)));
        using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(100));

        await hosted.StopAsync(patience.Token);

        Assert.True(patience.IsCancellationRequested);
        mayReturn.Set();
        await hosted.StopAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<Exception>(() => created);
    }

    private IHost Build(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        builder.Services.AddSessionMaster(options =>
        {
            options.ListenAddress = "127.0.0.1:0";
            options.StorePath = _directory.File("sessions.db");
            options.CreateStore = true;
            options.Insecure = Insecure.Loopback;
        });
        return builder.Build();
    }
}
