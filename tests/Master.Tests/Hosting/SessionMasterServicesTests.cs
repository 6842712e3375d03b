using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Hosting;
using Interop.Sessions.Master.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
        SessionException refusal = await Assert.ThrowsAsync<SessionException>(() => host.StartAsync());
        Assert.Contains("term_ms", refusal.Message, StringComparison.Ordinal);
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
        });
        return builder.Build();
    }
}
