using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Interop.Sessions.Daemon;

/// <summary>The log goes to standard error: standard output is for what scripts read.</summary>
internal static class Log
{
    internal static void Configure(ILoggingBuilder logging)
    {
        logging.AddConsole(console => console.FormatterName = LineFormatter.LineName);
        logging.Services.AddSingleton<ConsoleFormatter, LineFormatter>();
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning);
        // A start that fails is told in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }

    /// <summary>
    /// A reader of the log that is slow, or does not read at all, stops no lease: lines are dropped then, and the log says how
    /// many.
    /// </summary>
    internal static void NeverWait(ILoggingBuilder logging) => logging.Services.Configure<ConsoleLoggerOptions>(console =>
    {
        console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        console.MaxQueueLength = Limits.MaxWaitingLogLines;
    });

    internal static ILoggerFactory OnStandardError() => LoggerFactory.Create(Configure);
}
