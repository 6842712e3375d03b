using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Interop.Sessions.Daemon;

/// <summary>The log goes to standard error: standard output is for what scripts read.</summary>
internal static class Log
{
    internal static void Configure(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning);
        // A standby is unhealthy to whoever looks for the leader, and that is no error.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // A start that fails is told in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    internal static ILoggerFactory OnStandardError() => LoggerFactory.Create(Configure);
}
