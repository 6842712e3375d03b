using System;
using System.CommandLine;
using System.Threading.Tasks;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Interop.Sessions.Daemon;

/// <summary>session-master: a master for those who embed nothing.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        MasterCommand command = new();
        command.SetAction((parsed, cancellation) => RunAsync(command.Read(parsed)));
        // SIGTERM is the host's alone: the command line would end the process after 2 s, in the middle of a clean stop.
        InvocationConfiguration invocation = new() { ProcessTerminationTimeout = null };
        return await command.Parse(arguments).InvokeAsync(invocation).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(SessionMasterOptions wanted)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        // Standard output is for the line that scripts wait for.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // A start that fails is told in one line below.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(wanted));
        builder.Services.AddSessionMaster(_ => { });

        try
        {
            using IHost host = builder.Build();
            await host.StartAsync().ConfigureAwait(false);
            int port = host.Services.GetRequiredService<SessionMasterHost>().Master.Port;
            await Console.Out.WriteLineAsync($"ready port={port}").ConfigureAwait(false);
            await host.WaitForShutdownAsync().ConfigureAwait(false);
            return 0;
        }
        catch (SessionException error)
        {
            await Console.Error.WriteLineAsync($"session-master: {error.Status}: {error.Message}").ConfigureAwait(false);
            return 1;
        }
    }
}
