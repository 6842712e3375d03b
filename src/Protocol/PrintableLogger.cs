using System;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Protocol;

/// <summary>
/// A logger whose lines are printable whatever others chose: identities, hosts, keys, reasons, texts of errors. The structured
/// fields stay as they are.
/// </summary>
/// <param name="logger">Where the lines go.</param>
public sealed class PrintableLogger(ILogger logger) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            logger.Log(logLevel, eventId, state, exception, (said, error) => Printable.Of(formatter(said, error)));
        }
    }
}
