using System;
using System.Threading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Protocol;

/// <summary>Loggers that neither block nor throw, whatever happens to their reader.</summary>
public interface INonBlockingLoggers : ILoggerFactory;

/// <summary>
/// The loggers of a .NET host, called on one thread of their own: one that blocks, or throws, keeps up no renewal, no commit and no
/// answer. What waits is bounded; what does not fit is dropped, counted and told.
/// </summary>
public sealed class QueuedLoggers : INonBlockingLoggers
{
    private const int DroppedEventId = 9000;

    private readonly ILoggerFactory _loggers;
    private readonly Inbox<Action> _queue = new(Limits.MaxQueuedLogLines);
    private readonly Thread _thread;
    private readonly QueuedLogger _own;
    private long _dropped;

    private QueuedLoggers(ILoggerFactory loggers)
    {
        _loggers = loggers;
        _own = new QueuedLogger(this, "Interop.Sessions.Log");
        _thread = OwnThread.New("sessions-log", Round, _ => NoteDropped(), Limits.CallbackStackBytes);
        _thread.StartOrRefuse();
    }

    /// <summary>The same, or what queues for them; to be passed to <see cref="End"/>.</summary>
    /// <exception cref="SessionException">OutOfResources.</exception>
    public static ILoggerFactory Around(ILoggerFactory loggers) =>
        loggers is INonBlockingLoggers or NullLoggerFactory ? loggers : new QueuedLoggers(loggers);

    /// <summary>Writes what waits, for a second at most, and ends the thread; loggers that are the host's own stay.</summary>
    public static void End(ILoggerFactory loggers)
    {
        if (loggers is QueuedLoggers queued)
        {
            queued.Dispose();
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new QueuedLogger(this, categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => _loggers.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.End();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join((int)Limits.LogFlushMs);
        }
    }

    /// <summary>The host's logger; on the thread only, since who knows what it waits for.</summary>
    internal ILogger Open(string categoryName) => _loggers.CreateLogger(categoryName);

    /// <summary>Runs it on the thread, unless too many wait.</summary>
    internal void Post(Action line)
    {
        // Once it is over the host's loggers no longer listen.
        if (_queue.Add(line) == Queued.Full)
        {
            NoteDropped();
        }
    }

    internal void NoteDropped() => Interlocked.Increment(ref _dropped);

    private bool Round()
    {
        if (_queue.Take() is not { } line)
        {
            return false;
        }

        try
        {
            line();
            TellDropped();
        }
        catch (Exception)
        {
            // The host's log failed; there is nowhere else to say it but in the log, when it is well again.
            NoteDropped();
        }

        return true;
    }

    private void TellDropped()
    {
        long dropped = Interlocked.Exchange(ref _dropped, 0);
        if (dropped > 0)
        {
            _own.Write(new QueuedLine(
                LogLevel.Warning, DroppedEventId, $"{dropped} log records were dropped", [new("dropped", dropped)], null));
        }
    }
}
