using System.Threading.Tasks;
using Interop.Sessions.Follower.Hosting;
using Interop.Sessions.Follower.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Hosting;

/// <summary>A follower in a .NET host.</summary>
public sealed class SessionFollowerServicesTests
{
    [Fact]
    public async Task A_hosted_follower_gets_its_session_as_the_host_comes_up_and_gives_it_back_as_it_stops()
    {
        using MasterAndManager running = new();
        NotedCallbacks callbacks = new();
        using IHost host = Build(running.Port, callbacks);
        await host.StartAsync();
        SessionFollower follower = host.Services.GetRequiredService<SessionFollower>();
        Eventually.IsTrue(() => follower.Session.State == SessionState.Alive, "alive");
        Assert.Equal("hosted", Assert.Single(running.Master.ListSessions().Rows).Description.Identity);
        await host.StopAsync();
        Eventually.IsTrue(() => running.Master.ListSessions().Rows.Count == 0, "given back");
        Assert.Equal(1, callbacks.CountOf("lost"));
    }

    [Fact]
    public async Task A_host_stops_promptly_while_its_follower_still_looks_for_a_master()
    {
        using IHost host = Build(1, new NotedCallbacks());
        await host.StartAsync();
        await host.StopAsync().WaitAsync(Eventually.Patience);
    }

    private static IHost Build(int port, FollowerCallbacks callbacks)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(callbacks);
        builder.Services.AddSessionFollower(options =>
        {
            options.Identity = "hosted";
            options.Endpoints.Add($"127.0.0.1:{port}");
            options.Description = MasterAndManager.Description;
        });
        return builder.Build();
    }
}
