using System;
using System.CommandLine;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Interop.Sessions.Daemon.Http;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Hosting;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: SupportedOSPlatform("linux")]

namespace Interop.Sessions.Daemon;

/// <summary>session-master: a master without a host program.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments)
    {
        try
        {
            // Before anything needs the pool.
            PoolThreads.Make(Math.Max(Limits.PoolThreads, Environment.ProcessorCount));
            return RunAsync(arguments);
        }
        catch (SessionException error)
        {
            return Task.FromResult(Failures.Say($"{error.Status.Name()}: {error.Message}"));
        }
    }

    private static async Task<int> RunAsync(string[] arguments)
    {
        Descriptors.Raise();
        MasterCommand command = new();
        command.SetAction((parsed, cancellation) => ServeAsync(command, parsed));
        // SIGTERM is the host's alone: the command line would end the process after 2 s, in the middle of a clean stop.
        InvocationConfiguration invocation = new() { ProcessTerminationTimeout = null };
        ParserConfiguration parser = new() { ResponseFileTokenReplacer = null };
        return await command.Parse(arguments, parser).InvokeAsync(invocation).ConfigureAwait(false);
    }

    private static async Task<int> ServeAsync(MasterCommand command, ParseResult parsed)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        try
        {
            // A unit of Type=notify hears when followers can connect. What it says of the log is overruled.
            builder.Services.AddSystemd();
            Log.Configure(builder.Logging, command.ReadLog(parsed));
            Log.NeverWait(builder.Logging);
            SessionMasterOptions wanted = command.Read(parsed);
            if (command.ReadHttp(parsed, wanted) is { } watched)
            {
                // Before the master, so that it is there while that waits for its store.
                builder.Services.AddHostedService(services => new HttpFace(
                    watched, wanted.Tls, services, services.GetRequiredService<IHostApplicationLifetime>(),
                    services.GetRequiredService<ILoggerFactory>()));
            }

            builder.Services.AddSessionMaster(wanted);
            using IHost host = builder.Build();
            await host.StartAsync().ConfigureAwait(false);
            SessionMaster master = host.Services.GetRequiredService<SessionMasterHost>().Master;
            string admin = master.AdminPort == 0 ? "" : $" admin_port={master.AdminPort}";
            await Console.Out.WriteLineAsync($"ready port={master.Port}{admin}").ConfigureAwait(false);
            await host.WaitForShutdownAsync().ConfigureAwait(false);
            return 0;
        }
        catch (SessionException error)
        {
            return Failures.Say($"{error.Status.Name()}: {error.Message}");
        }
        catch (Exception error)
        {
            // No thread for the console's log, a standard output that is full: a line, and not where it was in .NET.
            return Failures.Say($"{SessionStatus.OutOfResources.Name()}: {error.GetBaseException().Message}");
        }
    }
}
