using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class CancelCreateTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());
    private readonly ManualResetEventSlim _atTheMaster = new();
    private readonly ManualResetEventSlim _mayAnswer = new();

    public CancelCreateTests() => _master.Hooks.OnSessionCreated = (_, _) =>
    {
        _atTheMaster.Set();
        _mayAnswer.Wait(Eventually.Patience);
    };

    [Fact]
    public void A_cancelled_create_ends_at_once_although_the_master_takes_its_time()
    {
        using TestFollower test = new(_master.Address);
        using CancellationTokenSource cancel = new();
        Task<SessionException> creating = Eventually.OnOwnThread(() => Assert.Throws<SessionException>(
            () => test.Follower.CreateSession(TestFollower.Description, 30_000, cancel.Token)));
        Eventually.IsSet(_atTheMaster, "at the master");

        cancel.Cancel();

        SessionException failure = Eventually.ResultOf(creating);
        Assert.Equal((SessionStatus.Cancelled, true), (failure.Status, failure.IsOutcomeUnknown));
        Assert.Empty(test.Told);
        Assert.Equal(SessionInfo.None, test.Follower.Session);
        _mayAnswer.Set();
    }

    [Fact]
    public void A_session_granted_to_a_cancelled_create_is_given_back()
    {
        using TestFollower test = new(_master.Address);
        CreateOperation operation = test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 30_000, (_, _) => { });
        Eventually.IsSet(_atTheMaster, "at the master");
        operation.Cancel();
        Eventually.IsSet(operation.Completed, "completed");
        Assert.Single(_master.Sessions);

        _mayAnswer.Set();

        Eventually.IsTrue(() => _master.Ended(TestFollower.Identity, SessionEndReason.Closed) == 1, "given back");
        Assert.Empty(_master.Sessions);
    }

    [Fact]
    public void A_session_granted_to_a_create_that_a_close_cancels_is_given_back()
    {
        using TestFollower test = new(_master.Address);
        SessionException? failure = null;
        test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 30_000, (error, _) => failure = error);
        Eventually.IsSet(_atTheMaster, "at the master");
        Task closing = Eventually.OnOwnThread(test.Manager.Close);
        Eventually.IsTrue(() => Volatile.Read(ref failure) != null, "cancelled");

        _mayAnswer.Set();

        Eventually.HasEnded(closing);
        Assert.Equal((SessionStatus.Cancelled, true), (failure!.Status, failure.IsOutcomeUnknown));
        Eventually.IsTrue(() => _master.Sessions.Length == 0, "ended");
        Assert.Equal(1, _master.Ended(TestFollower.Identity, SessionEndReason.Closed));
    }

    [Fact]
    public void A_create_cancelled_before_it_asks_creates_nothing()
    {
        using TestFollower test = new(_master.Address);
        _mayAnswer.Set();

        SessionException failure = Assert.Throws<SessionException>(
            () => test.Follower.CreateSession(TestFollower.Description, 30_000, new CancellationToken(canceled: true)));

        Assert.Equal((SessionStatus.Cancelled, false), (failure.Status, failure.IsOutcomeUnknown));
        test.Follower.Close();
        Assert.Empty(_master.Sessions);
        Assert.False(_atTheMaster.IsSet);
    }

    [Fact]
    public void A_cancel_that_comes_too_late_changes_nothing()
    {
        _mayAnswer.Set();
        using TestFollower test = new(_master.Address);
        CreateOperation? operation = null;
        using ManualResetEventSlim begun = new();
        test.Callbacks.OnCreated = _ =>
        {
            begun.Wait(Eventually.Patience);
            operation!.Cancel();
            return true;
        };

        operation = test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 10_000, (_, _) => { });
        begun.Set();
        Eventually.IsSet(operation.Completed, "completed");
        operation.Cancel();

        Assert.Equal(SessionState.Alive, test.State);
        Assert.Single(_master.Sessions);
    }

    [Fact]
    public void After_a_cancelled_create_the_next_one_gets_a_session()
    {
        using TestFollower test = new(_master.Address);
        CreateOperation operation = test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 30_000, (_, _) => { });
        Eventually.IsSet(_atTheMaster, "at the master");
        operation.Cancel();
        Eventually.IsSet(operation.Completed, "completed");
        _mayAnswer.Set();

        SessionInfo session = test.Create();

        Assert.Equal(session.Epoch, Assert.Single(_master.Sessions).Epoch);
        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
    }

    public void Dispose()
    {
        _mayAnswer.Set();
        _master.Dispose();
        _atTheMaster.Dispose();
        _mayAnswer.Dispose();
    }
}
