using System;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Interop.Sessions.Daemon;

/// <summary>The log goes to standard error: standard output is for what scripts read.</summary>
internal static class Log
{
    /// <summary>The log of a command that ends by itself.</summary>
    internal static void Configure(ILoggingBuilder logging) => Configure(logging, new LogOptions());

    internal static void Configure(ILoggingBuilder logging, LogOptions options)
    {
        logging.SetMinimumLevel(Enum.Parse<LogLevel>(options.Level, ignoreCase: true));
        string formatter = options.Format == LogSettings.Json ? ConsoleFormatterNames.Json : LineFormatter.LineName;
        logging.AddConsole(console => console.FormatterName = formatter);
        logging.Services.Configure<JsonConsoleFormatterOptions>(json =>
        {
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            json.UseUtcTimestamp = true;
        });
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
