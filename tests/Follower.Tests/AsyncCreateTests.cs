using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class AsyncCreateTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public void The_completion_runs_once_last_and_on_the_callback_thread()
    {
        using TestFollower test = new(_master.Address);
        ConcurrentQueue<int> threads = new();
        test.Callbacks.OnCreated = _ => Note(threads);
        test.Follower.RegisterSessionCreateCb(_ => Note(threads));
        test.Callbacks.OnStateChanged = _ => Note(threads);
        SessionInfo? created = null;

        CreateOperation operation = test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 10_000, (failure, session) =>
        {
            Note(threads);
            Assert.Null(failure);
            created = session;
            test.Heard.Add("completed");
        });

        Eventually.IsSet(operation.Completed, "completed");
        Assert.Equal([$"created {created!.Epoch}", $"Alive {created.Epoch}", "completed"], test.Told);
        Assert.Equal(4, threads.Count);
        Assert.Single(threads.Distinct());
        Assert.NotEqual(Environment.CurrentManagedThreadId, threads.First());
    }

    [Fact]
    public void A_failure_completes_once_too()
    {
        _master.Hooks.OnSessionInitialize = (_, _) => throw new SessionException(SessionStatus.Refused, "no");
        using TestFollower test = new(_master.Address);
        ConcurrentQueue<SessionStatus> failures = new();

        CreateOperation operation = test.Follower.Ordered.BeginCreateSession(
            TestFollower.Description, 10_000, (failure, session) => failures.Enqueue(failure!.Status));

        Eventually.IsSet(operation.Completed, "completed");
        test.Follower.Close();
        Assert.Equal([SessionStatus.Refused], failures);
    }

    [Fact]
    public void A_completion_that_throws_harms_nothing()
    {
        using TestFollower test = new(_master.Address);

        CreateOperation operation = test.Follower.Ordered.BeginCreateSession(
            TestFollower.Description, 10_000, (_, _) => throw new InvalidOperationException("the host's own defect"));

        Eventually.IsSet(operation.Completed, "completed");
        Assert.Equal(SessionState.Alive, test.State);
        Eventually.IsTrue(() => test.Heard.Logged.Any(record => record.Id == 2005), "logged");
    }

    [Fact]
    public void The_next_session_can_be_asked_for_in_SessionLost()
    {
        using TestFollower test = new(_master.Address);
        SessionInfo? second = null;
        test.Callbacks.OnLost = lost =>
        {
            if (lost.EndReason == SessionEndReason.Revoked)
            {
                test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 10_000, (_, session) => second = session);
            }
        };
        SessionInfo first = test.Create();

        _master.Master.RevokeSession(first.SessionId, first.Epoch, "maintenance");

        Eventually.IsTrue(() => Volatile.Read(ref second) != null, "created again");
        Assert.True(second!.Epoch > first.Epoch);
        Assert.Equal(
            [
                $"created {first.Epoch}", $"Alive {first.Epoch}", $"lost {first.Epoch} Revoked",
                $"created {second.Epoch}", $"Alive {second.Epoch}",
            ],
            test.Told);
    }

    [Fact]
    public void Each_of_many_creates_completes_exactly_once_whether_cancelled_closed_or_created()
    {
        Random random = new(20260101);
        for (int i = 0; i < 60; i++)
        {
            using TestFollower test = new(_master.Address);
            int completed = 0;
            CreateOperation operation = test.Follower.Ordered.BeginCreateSession(
                TestFollower.Description, 10_000, (_, _) => Interlocked.Increment(ref completed));
            Thread.Sleep(random.Next(0, 8));
            if (random.Next(2) == 0)
            {
                operation.Cancel();
            }

            test.Follower.Close();
            Assert.Equal(1, completed);
            Assert.True(operation.Completed.IsSet);
        }
    }

    public void Dispose() => _master.Dispose();

    private static bool Note(ConcurrentQueue<int> threads)
    {
        threads.Enqueue(Environment.CurrentManagedThreadId);
        return true;
    }
}
