using System;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interop.Sessions.Tests.Support;

/// <summary>A follower manager with one follower, and the history of what its host heard.</summary>
internal sealed class TestFollower : IDisposable
{
    internal const string Identity = "cs1";

    /// <summary>Longer than whatever a test waits for.</summary>
    private const int PatienceMs = 120_000;

    private readonly VirtualTime? _time;

    internal TestFollower(params string[] endpoints)
        : this(new FollowerManagerOptions { Endpoints = endpoints })
    {
    }

    /// <param name="endpoint">The master.</param>
    /// <param name="time">By which its leases run. It passes while the test waits for something, and by itself from the end on.</param>
    internal TestFollower(string endpoint, VirtualTime time)
        : this(new FollowerManagerOptions { Endpoints = [endpoint] }, time: time)
    {
    }

    /// <summary>Without TLS, unless the options say how.</summary>
    internal TestFollower(FollowerManagerOptions options, ILoggerFactory? loggers = null, string identity = Identity,
        RecreatePolicy recreate = RecreatePolicy.Never, VirtualTime? time = null)
    {
        _time = time;
        bool isUnsaid = options.Tls == null && options.Insecure == Insecure.No && !options.Endpoints.All(UnixEndpoint.Is);
        Manager = new FollowerManager(isUnsaid ? options with { Insecure = Insecure.Loopback } : options, loggers ?? Heard, time);
        Callbacks = new RecordingCallbacks(Heard);
        Follower = Manager.CreateFollower(identity, Callbacks, recreate);
    }

    internal static ServerDescription Description { get; } = new();

    internal History Heard { get; } = new();

    internal FollowerManager Manager { get; }

    internal RecordingCallbacks Callbacks { get; }

    internal SessionFollower Follower { get; }

    internal SessionState State => Follower.Session.State;

    /// <summary>What the host was told of sessions and states, without the steps of creates.</summary>
    internal string[] Told => [.. Heard.Events.Where(what => !what.Contains("/6 ", StringComparison.Ordinal))];

    internal SessionInfo Create(uint timeoutMs = 10_000) => Follower.CreateSession(Description, timeoutMs, CancellationToken.None);

    /// <summary>A session in its stride: the first answers of a process take their time.</summary>
    internal SessionInfo CreateAndRenew()
    {
        SessionInfo session = Create();
        BecomesRenewed();
        BecomesRenewed();
        return session;
    }

    internal void BecomesRenewed()
    {
        long deadlineNs = Follower.Session.DeadlineNs;
        Becomes(() => Follower.Session.DeadlineNs > deadlineNs, () => $"renewed, {Follower.Session}");
    }

    /// <summary>A create that must fail, however its last attempt ends.</summary>
    internal SessionException CreateFails(uint timeoutMs) => Assert.Throws<SessionException>(() => Create(timeoutMs));

    /// <summary>A create that must fail so.</summary>
    internal SessionException CreateFails(SessionStatus expected, uint timeoutMs = 10_000)
    {
        SessionException failure = Assert.Throws<SessionException>(() => Create(timeoutMs));
        Assert.True(expected == failure.Status, $"expected {expected}, got {failure.Status}: {failure.Message}");
        return failure;
    }

    internal void BecomesState(SessionState state) => Becomes(() => State == state, () => $"{state}, it is {State}");

    internal void HearsOf(string what) => Becomes(
        () => Heard.Count(what) > 0, () => $"told '{what}', only {string.Join(", ", Told)}");

    /// <summary>Something is so sooner or later, by its time.</summary>
    internal void Becomes(Func<bool> condition, Func<string> what)
    {
        if (_time == null)
        {
            Eventually.IsTrue(condition, what);
        }
        else
        {
            Assert.True(_time.PassUntil(condition, PatienceMs), $"after {PatienceMs} ms of its time: not yet {what()}");
        }
    }

    public void Dispose()
    {
        _time?.Flow();
        Manager.Dispose();
    }
}
