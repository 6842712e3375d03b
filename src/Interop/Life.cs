using Interop.Sessions.Hooks;
using Interop.Sessions.Native;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions;

/// <summary>One time from initialize to shutdown: what the host gave for it.</summary>
internal sealed unsafe class Life
{
    internal Life(interop_sessions_options options)
    {
        Log = options.log == null ? null : new HostLog(options);
        Loggers = Log == null ? NullLoggerFactory.Instance : new HostLoggers(LoggerFactory.Create(logging => logging
            .SetMinimumLevel((LogLevel)options.log_level)
            .AddProvider(Log)
            .AddFilter("Microsoft", LogLevel.Warning)
            // A server that cannot start is told by the status of the call.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Grpc", LogLevel.Warning)));
    }

    internal HostLog? Log { get; }

    internal ILoggerFactory Loggers { get; }
}
