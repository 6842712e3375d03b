using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Failover.Load;

/// <summary>The product's followers, and what their data paths and hosts saw.</summary>
internal sealed class RealFollowers : IDisposable
{
    private const int CallMs = 10_000;
    private const int WritePauseMs = 50;

    private readonly List<FollowerManager> _managers = [];
    private readonly List<SessionFollower> _followers = [];
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Thread _watching;
    private readonly Thread _writing;
    private volatile bool _isEnding;
    private long _refusals;

    /// <param name="masters">Where they find masters.</param>
    /// <param name="count">How many.</param>
    /// <param name="managers">How many of them share a connection is the rest.</param>
    internal RealFollowers(IReadOnlyList<string> masters, int count, int managers)
    {
        for (int i = 0; i < managers; i++)
        {
            _managers.Add(new FollowerManager(
                new FollowerManagerOptions { Endpoints = [.. masters], Insecure = Insecure.Anywhere }, NullLoggerFactory.Instance));
        }

        for (int i = 0; i < count; i++)
        {
            SessionFollower follower = _managers[i % managers].CreateFollower($"follower-{i}", new Hearing(_heard));
            follower.CreateSessionAsync(timeoutMs: 30_000).GetAwaiter().GetResult();
            _followers.Add(follower);
        }

        _watching = new Thread(Watch) { IsBackground = true, Name = "data-path" };
        _watching.Start();
        _writing = new Thread(Write) { IsBackground = true, Name = "items" };
        _writing.Start();
    }

    /// <summary>How often a data path would have been refused.</summary>
    internal long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>What hosts were told: JEOPARDY, losses, and calls that failed.</summary>
    internal IReadOnlyList<string> Heard => [.. _heard];

    public void Dispose()
    {
        _isEnding = true;
        _watching.Join();
        _writing.Join();
        _managers.ForEach(manager => manager.Dispose());
    }

    private void Watch()
    {
        while (!_isEnding)
        {
            foreach (SessionInfo session in _followers.Select(follower => follower.Session))
            {
                if (BootClock.NowNs >= session.DeadlineNs)
                {
                    Interlocked.Increment(ref _refusals);
                }
            }

            Thread.Sleep(1);
        }
    }

    // A call has the time of its caller to find the next leader, and takes it.
    private void Write()
    {
        for (int i = 0; !_isEnding; i = (i + 1) % _followers.Count)
        {
            try
            {
                _followers[i].SetItemAsync(
                    _followers[i].Session.Epoch, "item", BitConverter.GetBytes(i), timeoutMs: CallMs).GetAwaiter().GetResult();
            }
            catch (SessionException failure)
            {
                _heard.Enqueue($"SetItem {failure.Status} {failure.Message}");
            }

            Thread.Sleep(WritePauseMs);
        }
    }

    private sealed class Hearing(ConcurrentQueue<string> heard) : FollowerCallbacks
    {
        public override void SessionLost(SessionInfo session) => heard.Enqueue($"LOST {session.EndReason}");

        public override void StateChanged(SessionInfo session)
        {
            if (session.State == SessionState.Jeopardy)
            {
                heard.Enqueue("JEOPARDY");
            }
        }
    }
}
