using System;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Benchmarks.Overload;

/// <summary>Followers as chunk servers have them, each with connections of its own, that only renew; and what befell them.</summary>
internal sealed class LiveHolders : IDisposable
{
    private readonly FollowerManager[] _managers;
    private readonly SessionFollower[] _followers;
    private readonly Counting _counting = new();

    internal LiveHolders(int port, int count)
    {
        _managers = [.. Enumerable.Range(0, count).Select(_ => new FollowerManager(
            new FollowerManagerOptions { Endpoints = [$"127.0.0.1:{port}"], Insecure = Insecure.Loopback }, NullLoggerFactory.Instance))];
        _followers = [.. _managers.Select((manager, i) => manager.CreateFollower($"live-{i}", _counting))];
        foreach (SessionFollower follower in _followers)
        {
            follower.CreateSessionAsync(new ServerDescription()).GetAwaiter().GetResult();
        }
    }

    internal int Suspects => Volatile.Read(ref _counting.Suspects);

    internal int Refusals => Volatile.Read(ref _counting.Refusals);

    internal int Lost => Volatile.Read(ref _counting.Lost);

    /// <summary>The longest time from one renewal to the next that any of them saw, in milliseconds.</summary>
    internal double LongestGapMs => _followers.Max(follower => follower.Statistics.LongestGapNs) / 1e6;

    internal long Renewed => _managers.Sum(manager => manager.Statistics.Renewed);

    internal long LateAnswers => _managers.Sum(manager => manager.Statistics.LateAnswers);

    public void Dispose()
    {
        foreach (FollowerManager manager in _managers)
        {
            manager.Dispose();
        }
    }

    private sealed class Counting : FollowerCallbacks
    {
        internal int Suspects;
        internal int Refusals;
        internal int Lost;

        public override void StateChanged(SessionInfo session)
        {
            if (session.State is SessionState.Suspect or SessionState.Jeopardy)
            {
                Interlocked.Increment(ref session.State == SessionState.Suspect ? ref Suspects : ref Refusals);
            }
        }

        public override void SessionLost(SessionInfo session)
        {
            if (session.EndReason != SessionEndReason.Closed)
            {
                Interlocked.Increment(ref Lost);
            }
        }
    }
}
