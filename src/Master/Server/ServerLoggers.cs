using System;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// The host's loggers, for the server, without the lines that strangers can cause as often as they like: that a standby is not
/// healthy, which every client hears that looks for the leader, and that a message makes no sense, which its sender is told.
/// Each other kind of line is written a few times in a while.
/// </summary>
internal sealed class ServerLoggers(ILoggerFactory loggers) : ILoggerFactory
{
    private static readonly string[] s_silent =
        ["Microsoft.Extensions.Diagnostics.HealthChecks", "Grpc.AspNetCore.Server.ServerCallHandler"];

    private readonly LogBudgets _budgets = new();

    public ILogger CreateLogger(string categoryName) =>
        Array.Exists(s_silent, silent => categoryName.StartsWith(silent, StringComparison.Ordinal))
            ? NullLogger.Instance
            : new BudgetedLogger(new PrintableLogger(loggers.CreateLogger(categoryName)), categoryName, _budgets);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // They are the host's.
    }

    private sealed class BudgetedLogger(ILogger logger, string category, LogBudgets budgets) : ILogger
    {
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!logger.IsEnabled(logLevel) || !budgets.TrySpend($"{category} {eventId.Id}", out int leftOut))
            {
                return;
            }

            logger.Log(logLevel, eventId, state, exception, formatter);
            if (leftOut > 0)
            {
                MasterLog.ServerLinesLeftOut(logger, leftOut, category, eventId.Id);
            }
        }

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);
    }
}
