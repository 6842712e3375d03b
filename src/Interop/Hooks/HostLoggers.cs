using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Hooks;

/// <summary>What writes into a <see cref="HostLog"/>: that queues already.</summary>
internal sealed class HostLoggers(ILoggerFactory loggers) : INonBlockingLoggers
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => loggers.Dispose();
}
