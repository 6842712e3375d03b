using System;
using System.CommandLine;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Hosting;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        return await command.Parse(arguments).InvokeAsync(invocation).ConfigureAwait(false);
    }

    private static async Task<int> ServeAsync(MasterCommand command, ParseResult parsed)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Log.Configure(builder.Logging);
        Log.NeverWait(builder.Logging);
        try
        {
            SessionMasterOptions wanted = command.Read(parsed);
            builder.Services.AddSessionMaster(wanted);
            using IHost host = builder.Build();
            await host.StartAsync().ConfigureAwait(false);
            int port = host.Services.GetRequiredService<SessionMasterHost>().Master.Port;
            await Console.Out.WriteLineAsync($"ready port={port}").ConfigureAwait(false);
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
