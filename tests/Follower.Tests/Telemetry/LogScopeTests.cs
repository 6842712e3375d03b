using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Telemetry;

public sealed class LogScopeTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public void What_a_host_logs_in_any_callback_has_the_identity_the_session_and_the_epoch_in_its_scope()
    {
        ScopedLog log = new();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        ILogger own = loggers.CreateLogger("host");
        using TestFollower test = new(new FollowerManagerOptions { Endpoints = [_master.Address] }, loggers);
        test.Callbacks.OnCreated = _ => Say(own, "created");
        test.Callbacks.OnStateChanged = info => Say(own, $"{info.State}");
        test.Callbacks.OnLost = _ => Say(own, "lost");
        using IDisposable registered = test.Follower.RegisterSessionCreateCb(_ => Say(own, "registered"));

        SessionInfo session = test.Create();
        test.Follower.Close();
        Say(own, "outside");

        string scope = $"Identity={TestFollower.Identity},SessionId={session.SessionId:x16},Epoch={session.Epoch}";
        Assert.Equal(
            [$"created {scope}", $"registered {scope}", $"Alive {scope}", $"lost {scope}", "outside "], log.Lines);
    }

    public void Dispose() => _master.Dispose();

    private static bool Say(ILogger logger, string what)
    {
        logger.Log(LogLevel.Information, default, what, null, (said, _) => said);
        return true;
    }

    /// <summary>The lines of the category "host", each with its scopes.</summary>
    private sealed class ScopedLog : ILoggerProvider, ISupportExternalScope
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private IExternalScopeProvider? _scopes;

        internal string[] Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Category(ScopedLog log, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                if (name != "host")
                {
                    return;
                }

                List<string> fields = [];
                log._scopes?.ForEachScope(
                    (scope, all) => all.AddRange((scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                        .Where(field => field.Key != "{OriginalFormat}").Select(field => $"{field.Key}={field.Value}")),
                    fields);
                log._lines.Enqueue($"{formatter(state, exception)} {string.Join(",", fields)}");
            }
        }
    }
}
