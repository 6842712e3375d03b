using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Native;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Hooks;

/// <summary>
/// Carries log records to the host's callback on one thread of its own: a host that logs slowly must not slow renewals.
/// The queue is bounded; what does not fit is counted and told.
/// </summary>
internal sealed unsafe class HostLog : ILoggerProvider
{
    private const int DroppedEventId = 9000;

    private readonly delegate* unmanaged[Cdecl]<void*, interop_sessions_log_record*, void> _callback;
    private readonly UserData _userData;
    private readonly Inbox<HostLogRecord> _queue = new(Limits.MaxQueuedLogLines);
    private readonly Thread _thread;

    /// <summary>Dropped, and not told yet.</summary>
    private long _dropped;
    private long _droppedInAll;
    private long _delivered;

    private HostLog(interop_sessions_options options)
    {
        _callback = options.log;
        _userData = new UserData(options.log_user_data, options.log_release);
        Levels = new LogLevels((LogLevel)options.log_level);
        _thread = OwnThread.New("sessions-log", Deliver, _ => NoteDropped(), Limits.CallbackStackBytes);
        _thread.StartOrRefuse();
    }

    /// <summary>What is delivered.</summary>
    internal LogLevels Levels { get; }

    /// <summary>As the host wants it; null: it wants none.</summary>
    internal static HostLog? Of(interop_sessions_options options) => options.log == null ? null : new HostLog(options);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName);

    /// <summary>Delivers what is queued and ends the thread.</summary>
    public void Dispose()
    {
        _queue.End();
        _thread.Join();
    }

    /// <summary>The same of a library that does not begin: what the host gave with its log is not the log's to give back.</summary>
    internal void Abandon()
    {
        _userData.Keep();
        Dispose();
    }

    private void Add(HostLogRecord record)
    {
        // Once it is shut down the host no longer listens.
        if (_queue.Add(record) == Queued.Full)
        {
            NoteDropped();
        }
    }

    private bool Deliver()
    {
        if (_queue.Take() is not { } record)
        {
            _userData.Release();
            return false;
        }

        try
        {
            Call(record);
            TellDropped();
        }
        catch (Exception)
        {
            // No memory to carry it in.
            NoteDropped();
        }

        return true;
    }

    /// <summary>What became of its records.</summary>
    internal void AddTo(ref interop_sessions_library_statistics statistics)
    {
        statistics.log_records_waiting = (uint)_queue.Count;
        statistics.log_records_delivered = (ulong)Volatile.Read(ref _delivered);
        statistics.log_records_dropped = (ulong)Volatile.Read(ref _droppedInAll);
    }

    private void NoteDropped()
    {
        Interlocked.Increment(ref _dropped);
        Interlocked.Increment(ref _droppedInAll);
    }

    private void TellDropped()
    {
        long dropped = Interlocked.Exchange(ref _dropped, 0);
        if (dropped > 0)
        {
            Call(new HostLogRecord(
                LogLevel.Warning, DroppedEventId, "Interop.Sessions.Log", $"{dropped} log records were dropped",
                [new("dropped", dropped.ToString(CultureInfo.InvariantCulture))]));
        }
    }

    private void Call(HostLogRecord record)
    {
        using CallbackScope scope = CallbackScope.Enter();
        record.Pass(_callback, _userData.Pointer);
        Interlocked.Increment(ref _delivered);
    }

    private sealed class CategoryLogger(HostLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => log.Levels.IsWanted(category, logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            try
            {
                log.Add(new HostLogRecord(
                    logLevel, eventId.Id, category, formatter(state, exception), FieldsOf(state, exception)));
            }
            catch (Exception)
            {
                // No memory to carry it in.
                log.NoteDropped();
            }
        }

        private static List<KeyValuePair<string, string>> FieldsOf(object? state, Exception? exception)
        {
            List<KeyValuePair<string, string>> fields = [];
            if (state is IEnumerable<KeyValuePair<string, object?>> pairs)
            {
                foreach ((string name, object? value) in pairs)
                {
                    if (name != "{OriginalFormat}")
                    {
                        fields.Add(new(name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                    }
                }
            }

            if (exception != null)
            {
                fields.Add(new("exception", exception.ToString()));
            }

            return fields;
        }
    }
}
