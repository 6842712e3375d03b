using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Hosting;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Hosting;

/// <summary>Followers in a .NET host.</summary>
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
        await follower.WaitForLeaseAsync().WaitAsync(Eventually.Patience);
        Assert.Equal("hosted", Assert.Single(running.Master.ListSessions().Rows).Description.Identity);
        await host.StopAsync();
        Assert.Empty(running.Master.ListSessions().Rows);
        Assert.Equal(1, callbacks.CountOf("lost"));
    }

    [Fact]
    public async Task A_host_stops_promptly_while_its_follower_still_looks_for_a_master()
    {
        using IHost host = Build(1, new NotedCallbacks());
        await host.StartAsync();
        await host.StopAsync().WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task Each_of_several_followers_has_a_session_callbacks_and_a_name_of_its_own()
    {
        using MasterAndManager running = new();
        NotedCallbacks left = new();
        using IHost host = Build(services =>
        {
            services.AddKeyedSingleton<FollowerCallbacks>("left", left);
            services.AddSessionFollower("left", options => Fill(options, running.Port, "server-left"));
            services.AddSessionFollower("right", options => Fill(options, running.Port, "server-right"));
        });
        await host.StartAsync();

        SessionFollower[] followers =
        [
            host.Services.GetRequiredKeyedService<SessionFollower>("left"),
            host.Services.GetRequiredKeyedService<SessionFollower>("right"),
        ];

        foreach (SessionFollower follower in followers)
        {
            await follower.WaitForLeaseAsync().WaitAsync(Eventually.Patience);
        }

        Assert.Equal(["server-left", "server-right"], [followers[0].Identity, followers[1].Identity]);
        Assert.Null(host.Services.GetService<SessionFollower>());
        await host.StopAsync();
        Assert.Equal((1, 1), (left.CountOf("created"), left.CountOf("lost")));
        Assert.Empty(running.Master.ListSessions().Rows);
    }

    [Fact]
    public async Task A_stop_in_a_callback_throws_nothing_and_waits_no_longer_than_the_host_allows()
    {
        using MasterAndManager running = new();
        NotedCallbacks callbacks = new();
        IHost? host = null;
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim isStarted = new();
        callbacks.OnCreated = _ =>
        {
            // A user's own wrapping: the callback waits for the stop, which waits for the callback.
            isStarted.Wait(Eventually.Patience);
            using CancellationTokenSource allowed = new(TimeSpan.FromMilliseconds(300));
            try
            {
                host!.Services.GetRequiredService<IHostedService>().StopAsync(allowed.Token).GetAwaiter().GetResult();
                stopped.SetResult();
            }
            catch (Exception error)
            {
                stopped.SetException(error);
            }

            return true;
        };
        host = Build(running.Port, callbacks);
        await host.StartAsync();
        isStarted.Set();

        await stopped.Task.WaitAsync(Eventually.Patience);
        await host.StopAsync().WaitAsync(Eventually.Patience);
        host.Dispose();
        Assert.Empty(running.Master.ListSessions().Rows);
    }

    [Fact]
    public async Task What_follows_an_awaited_verb_may_stop_the_host()
    {
        using MasterAndManager running = new();
        using IHost host = Build(running.Port, new NotedCallbacks());
        await host.StartAsync();
        SessionFollower follower = host.Services.GetRequiredService<SessionFollower>();
        ulong epoch = (await follower.WaitForLeaseAsync().WaitAsync(Eventually.Patience)).Epoch;

        await SetThenStopAsync(host, follower, epoch).WaitAsync(Eventually.Patience);

        Assert.False(follower.IsLeaseValid(epoch));
    }

    private static async Task SetThenStopAsync(IHost host, SessionFollower follower, ulong epoch)
    {
        await follower.SetItemAsync(epoch, "key", new byte[1]).ConfigureAwait(false);
        host.StopAsync().GetAwaiter().GetResult();
    }

    private static IHost Build(int port, FollowerCallbacks callbacks) => Build(services =>
    {
        services.AddSingleton(callbacks);
        services.AddSessionFollower(options => Fill(options, port, "hosted"));
    });

    private static void Fill(SessionFollowerHostOptions options, int port, string identity)
    {
        options.Identity = identity;
        options.Endpoints.Add($"127.0.0.1:{port}");
        options.Insecure = Insecure.Loopback;
        options.Description = MasterAndManager.Description;
    }

    private static IHost Build(Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        add(builder.Services);
        return builder.Build();
    }
}
