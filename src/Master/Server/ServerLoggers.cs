using System;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// The host's loggers, for the server, without what strangers can make it say as often as they like: a standby is not healthy
/// for whoever looks for the leader, and a message that makes no sense is told to its sender.
/// </summary>
internal sealed class ServerLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    private static readonly string[] s_silent =
        ["Microsoft.Extensions.Diagnostics.HealthChecks", "Grpc.AspNetCore.Server.ServerCallHandler"];

    public ILogger CreateLogger(string categoryName) =>
        Array.Exists(s_silent, silent => categoryName.StartsWith(silent, StringComparison.Ordinal))
            ? NullLogger.Instance
            : loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // They are the host's.
    }
}
