using System;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Rolling.Load;

/// <summary>Hears of the follower manager's log that other certificates are in use, and passes on what it warns of.</summary>
internal sealed class CertificateLog(Tally tally) : ILoggerFactory, ILogger
{
    private const int InUse = 2015;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == InUse)
        {
            tally.NoteCertificates();
        }

        if (logLevel >= LogLevel.Warning)
        {
            Console.WriteLine($"LOGGED {eventId.Id} {formatter(state, exception).ReplaceLineEndings(" ")}");
        }
    }

    public void Dispose()
    {
    }
}
