using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Protocol;

/// <summary>
/// One category of <see cref="QueuedLoggers"/>. What a line says is worked out at once, since what it speaks of changes; whether the
/// host wants it is answered by what its logger said last.
/// </summary>
internal sealed class QueuedLogger : ILogger
{
    private const int Levels = (int)LogLevel.None;

    private readonly QueuedLoggers _loggers;
    private readonly string _category;

    /// <summary>A bit a level; until the host's logger was asked, all that operators usually see.</summary>
    private int _enabled = (1 << Levels) - (1 << (int)LogLevel.Information);
    private long _askedAtMs;

    /// <summary>The thread's alone.</summary>
    private ILogger? _log;

    internal QueuedLogger(QueuedLoggers loggers, string category)
    {
        _loggers = loggers;
        _category = category;
        _askedAtMs = Environment.TickCount64;
        loggers.Post(Ask);
    }

    /// <summary>None: a line is written on another thread than it is about.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        long nowMs = Environment.TickCount64;
        long askedAtMs = Volatile.Read(ref _askedAtMs);
        if (nowMs - askedAtMs > Limits.LogLevelsAgeMs &&
            Interlocked.CompareExchange(ref _askedAtMs, nowMs, askedAtMs) == askedAtMs)
        {
            _loggers.Post(Ask);
        }

        return logLevel is >= LogLevel.Trace and < LogLevel.None && (Volatile.Read(ref _enabled) & (1 << (int)logLevel)) != 0;
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        try
        {
            QueuedLine line = new(
                logLevel, eventId, formatter(state, exception),
                state is IEnumerable<KeyValuePair<string, object?>> fields ? [.. fields] : [], exception);
            _loggers.Post(() => Write(line));
        }
        catch (Exception)
        {
            // No memory to carry it in: what is logged is done already, or must still be done.
            _loggers.NoteDropped();
        }
    }

    /// <summary>On the thread.</summary>
    internal void Write(QueuedLine line)
    {
        _log ??= _loggers.Open(_category);
        if (_log.IsEnabled(line.Level))
        {
            _log.Log(line.Level, line.Id, line, line.Exception, static (said, _) => said.ToString());
        }
    }

    private void Ask()
    {
        _log ??= _loggers.Open(_category);
        Volatile.Write(ref _enabled, Enumerable.Range(0, Levels).Sum(level => _log.IsEnabled((LogLevel)level) ? 1 << level : 0));
    }
}

/// <summary>A line that waits: its text, and its fields for loggers that store them.</summary>
internal sealed class QueuedLine(
    LogLevel level, EventId id, string message, KeyValuePair<string, object?>[] fields, Exception? exception)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => fields.Length;

    internal LogLevel Level => level;

    internal EventId Id => id;

    internal Exception? Exception => exception;

    public KeyValuePair<string, object?> this[int index] => fields[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => fields.GetEnumerator();

    public override string ToString() => message;
}
