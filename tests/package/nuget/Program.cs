// A .NET host of somebody who has only the packages: a master and a follower that gets a session from it.
using System;
using System.Threading;
using Interop.Sessions;
using Interop.Sessions.Follower;
using Interop.Sessions.Follower.Hosting;
using Interop.Sessions.Master.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

HostApplicationBuilder masters = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
masters.Services.AddSessionMaster(options =>
{
    options.ListenAddress = "127.0.0.1:0";
    options.StorePath = args[0];
    options.CreateStore = true;
    options.Insecure = Insecure.Loopback;
});
using IHost master = masters.Build();
await master.StartAsync();
int port = master.Services.GetRequiredService<SessionMasterHost>().Master.Port;

HostApplicationBuilder followers = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
followers.Services.AddSessionFollower(options =>
{
    options.Identity = "consumer";
    options.Insecure = Insecure.Loopback;
    options.Endpoints.Add($"127.0.0.1:{port}");
});
using IHost follower = followers.Build();
await follower.StartAsync();
SessionFollower session = follower.Services.GetRequiredService<SessionFollower>();
bool alive = SpinWait.SpinUntil(() => session.Session.State == SessionState.Alive, TimeSpan.FromSeconds(20));
await follower.StopAsync();
await master.StopAsync();
Console.WriteLine(alive ? "consumer: got a session" : "consumer: got no session");
return alive ? 0 : 1;
