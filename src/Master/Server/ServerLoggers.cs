using System;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Master.Server;

/// <summary>The host's loggers, for the server: a standby is not healthy for whoever looks for the leader, and that is no error.</summary>
internal sealed class ServerLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    private const string HealthChecks = "Microsoft.Extensions.Diagnostics.HealthChecks";

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith(HealthChecks, StringComparison.Ordinal)
        ? NullLogger.Instance
        : loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // They are the host's.
    }
}
