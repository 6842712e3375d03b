using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Telemetry;

/// <summary>The log of a .NET host that hangs or fails.</summary>
public sealed class HostLogTests : IDisposable
{
    private readonly ManualResetEventSlim _mayGoOn = new();
    private readonly ScriptedLog _log = new();

    [Fact]
    public void A_log_that_hangs_holds_up_neither_creates_nor_renewals_nor_a_close_for_long()
    {
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
        using TcpProxy network = new(master.Port);
        _log.OnLine = _ => _mayGoOn.Wait(Eventually.Patience);
        using TestFollower test = new(new FollowerManagerOptions { Endpoints = [network.Address] }, _log);

        SessionInfo session = test.CreateAndRenew();
        network.Cut();
        network.Restore();
        test.BecomesRenewed();
        test.BecomesRenewed();

        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
        Assert.Single(_log.Begun);
        test.Manager.Close();
    }

    [Fact]
    public void A_log_that_throws_ends_nothing_and_is_told_what_it_missed()
    {
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
        using TcpProxy network = new(master.Port);
        _log.OnLine = _ => throw new InvalidOperationException("no space left");
        using TestFollower test = new(new FollowerManagerOptions { Endpoints = [network.Address] }, _log);

        SessionInfo session = test.CreateAndRenew();
        network.Cut();
        network.Restore();
        test.BecomesRenewed();
        test.BecomesRenewed();
        _log.OnLine = _ => { };
        test.Follower.Close();

        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}", $"lost {session.Epoch} Closed"], test.Told);
        test.Manager.Close();
        Assert.Contains(_log.Begun, line => line.Id == 9000);
    }

    [Fact]
    public void Lines_come_in_order_with_their_fields_and_what_they_say_is_worked_out_at_once()
    {
        ILoggerFactory queued = QueuedLoggers.Around(_log);
        ILogger logger = queued.CreateLogger("category");
        List<int> mutable = [1];

        logger.Log(LogLevel.Warning, new EventId(7), mutable, null, (state, _) => $"{state.Count} at that time");
        mutable.Add(2);
        logger.Log(
            LogLevel.Error, new EventId(8), new Dictionary<string, object?> { ["Name"] = "cs1" }, null, (_, _) => "of cs1");
        QueuedLoggers.End(queued);

        Assert.Equal(["1 at that time", "of cs1"], _log.Begun.Select(line => line.Text));
        Assert.Equal("cs1", _log.Begun.Last().Fields.Single(field => field.Key == "Name").Value);
    }

    [Fact]
    public void Lines_beyond_the_bound_are_dropped_and_counted()
    {
        _log.OnLine = _ => _mayGoOn.Wait(Eventually.Patience);
        ILoggerFactory queued = QueuedLoggers.Around(_log);
        ILogger logger = queued.CreateLogger("category");
        Warn(logger, "first");
        Eventually.IsTrue(() => _log.Begun.Count == 1, "written");

        for (int i = 0; i < Limits.MaxQueuedLogLines + 7; i++)
        {
            Warn(logger, "another");
        }

        _mayGoOn.Set();
        Eventually.IsTrue(() => _log.Begun.Count == Limits.MaxQueuedLogLines + 2, "all written");
        Assert.Equal("7 log records were dropped", Assert.Single(_log.Begun, line => line.Id == 9000).Text);
        QueuedLoggers.End(queued);
    }

    [Fact]
    public void A_level_that_the_host_does_not_want_is_not_worked_out_for_long()
    {
        _log.Lowest = LogLevel.Error;
        ILoggerFactory queued = QueuedLoggers.Around(_log);
        ILogger logger = queued.CreateLogger("category");

        Eventually.IsTrue(() => !logger.IsEnabled(LogLevel.Warning), "asked");
        Assert.True(logger.IsEnabled(LogLevel.Error));
        _log.Lowest = LogLevel.Debug;
        Eventually.IsTrue(() => logger.IsEnabled(LogLevel.Debug), "asked again");
        QueuedLoggers.End(queued);
    }

    [Fact]
    public void Loggers_that_never_block_are_taken_as_they_are()
    {
        History history = new();

        Assert.Same(history, QueuedLoggers.Around(history));
    }

    public void Dispose()
    {
        _mayGoOn.Set();
        _log.Dispose();
    }

    private static void Warn(ILogger logger, string text) =>
        logger.Log(LogLevel.Warning, new EventId(9), text, null, (said, _) => said);

    private sealed class ScriptedLog : ILoggerFactory, ILogger
    {
        internal Action<int> OnLine { get; set; } = _ => { };

        internal LogLevel Lowest { get; set; }

        /// <summary>Lines that were begun to be written.</summary>
        internal ConcurrentQueue<(int Id, string Text, KeyValuePair<string, object?>[] Fields)> Begun { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= Lowest;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Begun.Enqueue((eventId.Id, formatter(state, exception), [.. (IEnumerable<KeyValuePair<string, object?>>)state!]));
            OnLine(eventId.Id);
        }

        public void Dispose()
        {
        }
    }
}
