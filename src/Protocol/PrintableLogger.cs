using System;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Protocol;

/// <summary>
/// A logger whose lines are printable whatever others chose: identities, hosts, keys, reasons, texts of errors. The structured
/// fields stay as they are. It never throws: what is logged is done already, or must still be done.
/// </summary>
/// <param name="logger">Where the lines go.</param>
public sealed class PrintableLogger(ILogger logger) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            if (logger.IsEnabled(logLevel))
            {
                logger.Log(logLevel, eventId, state, exception, (said, error) => Printable.Of(formatter(said, error)));
            }
        }
        catch (Exception)
        {
            // No memory to carry the line in.
        }
    }
}
