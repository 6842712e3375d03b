using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Tests.Support;

/// <summary>What happened, in order, on all threads of both sides. As a logger it takes the steps of creates.</summary>
internal sealed class History : INonBlockingLoggers, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _events = [];
    private readonly List<(LogLevel Level, int Id, string Message)> _log = [];

    /// <summary>All of it so far.</summary>
    internal string[] Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>What was logged so far.</summary>
    internal (LogLevel Level, int Id, string Message)[] Logged
    {
        get
        {
            lock (_lock)
            {
                return [.. _log];
            }
        }
    }

    internal void Add(string what)
    {
        lock (_lock)
        {
            _events.Add(what);
        }
    }

    internal int Count(string what) => Events.Count(happened => happened == what);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            _log.Add((logLevel, eventId.Id, formatter(state, exception)));
        }

        if (state is IReadOnlyList<KeyValuePair<string, object?>> fields &&
            fields.FirstOrDefault(field => field.Key == "Step").Value is string step)
        {
            Add($"{step}, {fields.First(field => field.Key == "Identity").Value}");
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
