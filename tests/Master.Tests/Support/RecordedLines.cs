using System;
using System.Collections.Concurrent;
using System.Linq;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Tests.Support;

/// <summary>A log that a test reads.</summary>
internal sealed class RecordedLines : ILogger
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> _lines = new();

    /// <summary>The texts of an event, in order.</summary>
    internal string[] Of(int id) => [.. _lines.Where(line => line.Id == id).Select(line => line.Text)];

    internal string[] Of(LogLevel level) => [.. _lines.Where(line => line.Level == level).Select(line => line.Text)];

    internal bool Any(int id, string words) => Of(id).Any(text => text.Contains(words, StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));
}
