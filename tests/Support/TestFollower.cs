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

    internal TestFollower(params string[] endpoints)
        : this(new FollowerManagerOptions { Endpoints = endpoints })
    {
    }

    internal TestFollower(FollowerManagerOptions options, ILoggerFactory? loggers = null, string identity = Identity,
        RecreatePolicy recreate = RecreatePolicy.Never)
    {
        Manager = new FollowerManager(options, loggers ?? Heard);
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
        Eventually.IsTrue(
            () => Follower.Session.DeadlineNs > deadlineNs, () => $"renewed, {Follower.Session}");
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

    internal void BecomesState(SessionState state) => Eventually.IsTrue(() => State == state, () => $"{state}, it is {State}");

    internal void HearsOf(string what) => Eventually.IsTrue(
        () => Heard.Count(what) > 0, () => $"told '{what}', only {string.Join(", ", Told)}");

    public void Dispose() => Manager.Dispose();
}
