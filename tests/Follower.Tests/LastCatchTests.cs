using System;
using System.Linq;
using System.Reflection;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>What nobody expected, on a thread of a follower.</summary>
public sealed class LastCatchTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    public void Dispose() => _master.Dispose();

    [Fact]
    public void A_turn_of_the_loop_that_throws_ends_the_session_and_the_next_can_be_created()
    {
        using TestFollower test = new(_master.Address);
        SessionInfo session = test.Create();
        const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Instance;
        object life = typeof(SessionFollower).GetField("_life", Hidden)!.GetValue(test.Follower)!;
        FieldInfo answers = typeof(SessionLife).GetField("_answers", Hidden)!;
        object former = answers.GetValue(life)!;

        // A defect, as none is known.
        answers.SetValue(life, null);

        test.HearsOf($"lost {session.Epoch} Unknown");
        Assert.False(LeaseReader.IsValid(test.Follower.LeaseAddress, session.Epoch));
        // It throws in each turn until it is mended.
        Assert.InRange(
            test.Heard.Logged.Count(line => line.Id == 2020 && line.Message.Contains("sessions-alive", StringComparison.Ordinal)),
            1, Limits.LogLinesAtOnce);
        answers.SetValue(life, former);
        Assert.True(test.Create().Epoch > session.Epoch);
    }

    /// <summary>Wherever it is thrown at while the host hears of a session and of its end.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void What_is_thrown_at_the_thread_of_the_callbacks_keeps_none_of_them_from_the_host(int after)
    {
        History history = new();
        ThrowingTime time = new("sessions-call");
        using FollowerManager manager = new(
            new FollowerManagerOptions { Endpoints = [_master.Address], Insecure = Insecure.Loopback }, history, time);
        using SessionFollower follower = manager.CreateFollower("thrown-at", new RecordingCallbacks(history));
        time.LetTheClockFail(after, times: 1);

        SessionInfo session = follower.CreateSession(new ServerDescription { TermMs = 1000 });
        follower.Close();

        Assert.True(time.HasFailed);
        foreach (string what in (string[])[$"created {session.Epoch}", $"Alive {session.Epoch}", $"lost {session.Epoch} Closed"])
        {
            Assert.Equal(1, history.Count(what));
        }

        Assert.StartsWith(
            "thread sessions-call of thrown-at met", Assert.Single(history.Logged, line => line.Level == LogLevel.Critical).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_throws_stops_neither_renewals_nor_callbacks()
    {
        History history = new();
        using FollowerManager manager = new(
            new FollowerManagerOptions { Endpoints = [_master.Address], Insecure = Insecure.Loopback }, new ThrowingLog());
        using SessionFollower follower = manager.CreateFollower("throws", new RecordingCallbacks(history));
        SessionInfo session = follower.CreateSession(new ServerDescription { TermMs = 1000 });
        Assert.True(LeaseReader.IsValid(follower.LeaseAddress, session.Epoch));

        follower.Close();

        Assert.Contains($"lost {session.Epoch} Closed", history.Events);
    }

    private sealed class ThrowingLog : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new InvalidOperationException("the host's log");

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => throw new InvalidOperationException("the host's log");

        public void Dispose()
        {
        }
    }
}
