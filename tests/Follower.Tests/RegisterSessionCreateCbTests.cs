using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class RegisterSessionCreateCbTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());
    private readonly TestFollower _test;

    public RegisterSessionCreateCbTests() => _test = new TestFollower(_master.Address);

    [Fact]
    public void Callbacks_run_in_the_order_of_their_registration_for_each_session()
    {
        for (int i = 0; i < 5; i++)
        {
            int number = i;
            _test.Follower.RegisterSessionCreateCb(session => _test.Heard.Add($"registered {number} {session.Epoch}"));
        }

        SessionInfo first = _test.Create();
        _master.Master.RevokeSession(first.SessionId, first.Epoch, "again");
        _test.HearsOf($"lost {first.Epoch} Revoked");
        SessionInfo second = _test.Create();

        foreach (SessionInfo session in new[] { first, second })
        {
            int created = Array.IndexOf(_test.Told, $"created {session.Epoch}");
            Assert.Equal(
                [
                    $"registered 0 {session.Epoch}", $"registered 1 {session.Epoch}", $"registered 2 {session.Epoch}",
                    $"registered 3 {session.Epoch}", $"registered 4 {session.Epoch}", $"Alive {session.Epoch}",
                ],
                _test.Told[(created + 1)..(created + 7)]);
        }
    }

    [Fact]
    public void A_removed_callback_runs_no_more()
    {
        using IDisposable removed = _test.Follower.RegisterSessionCreateCb(_ => _test.Heard.Add("removed"));
        _test.Follower.RegisterSessionCreateCb(_ => _test.Heard.Add("stays"));
        removed.Dispose();

        _test.Create();

        Assert.Contains("stays", _test.Told);
        Assert.DoesNotContain("removed", _test.Told);
    }

    [Fact]
    public void A_session_that_is_alive_is_not_announced_to_a_new_callback()
    {
        _test.Create();

        _test.Follower.RegisterSessionCreateCb(_ => _test.Heard.Add("announced"));
        _test.Follower.Close();

        Assert.DoesNotContain("announced", _test.Told);
    }

    [Fact]
    public async Task Removal_waits_for_a_run_in_progress()
    {
        using ManualResetEventSlim runs = new();
        using ManualResetEventSlim mayReturn = new();
        bool hasReturned = false;
        IDisposable registered = _test.Follower.RegisterSessionCreateCb(_ =>
        {
            runs.Set();
            mayReturn.Wait(Eventually.Patience);
            Volatile.Write(ref hasReturned, true);
        });
        CreateOperation operation = _test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 10_000, (_, _) => { });
        Eventually.IsSet(runs, "running");

        Task<bool> removal = Eventually.OnOwnThread(() =>
        {
            registered.Dispose();
            return Volatile.Read(ref hasReturned);
        });
        Assert.NotSame(removal, await Task.WhenAny(removal, Task.Delay(100)));
        mayReturn.Set();

        Assert.True(await removal.WaitAsync(Eventually.Patience));
        Eventually.IsSet(operation.Completed, "completed");
    }

    [Fact]
    public async Task One_whose_removal_waited_no_longer_is_released_by_its_own_end_also_if_that_throws()
    {
        using ManualResetEventSlim goOn = new();
        using ManualResetEventSlim runs = new();
        int released = 0;
        ICallbackRegistration registered = _test.Follower.RegisterSessionCreateCb(
            _ =>
            {
                runs.Set();
                goOn.Wait();
                throw new InvalidOperationException("a defect");
            },
            () => Interlocked.Increment(ref released));
        Task create = Task.Run(() => _test.Create());
        runs.Wait();
        Assert.Equal(SessionStatus.TimedOut, Assert.Throws<SessionException>(() => registered.Remove(20)).Status);
        Assert.Equal(0, released);
        goOn.Set();
        await create;
        Eventually.IsTrue(() => Volatile.Read(ref released) == 1, () => "released");
    }

    [Fact]
    public void A_time_that_makes_no_sense_removes_nothing()
    {
        int runs = 0;
        using ICallbackRegistration registered = _test.Follower.RegisterSessionCreateCb(_ => Interlocked.Increment(ref runs));
        Assert.Throws<ArgumentOutOfRangeException>(() => registered.Remove(-2));
        _test.Create();
        Assert.Equal(1, runs);
    }

    [Fact]
    public void A_callback_can_remove_itself_and_others_of_the_same_run()
    {
        IDisposable? second = null;
        IDisposable? first = null;
        first = _test.Follower.RegisterSessionCreateCb(_ =>
        {
            _test.Heard.Add("first");
            first!.Dispose();
            second!.Dispose();
        });
        second = _test.Follower.RegisterSessionCreateCb(_ => _test.Heard.Add("second"));

        _test.Create();

        Assert.Contains("first", _test.Told);
        Assert.DoesNotContain("second", _test.Told);
    }

    [Fact]
    public void A_callback_that_throws_is_logged_and_the_next_one_runs()
    {
        _test.Follower.RegisterSessionCreateCb(_ => throw new InvalidOperationException("the host's own defect"));
        _test.Follower.RegisterSessionCreateCb(_ => _test.Heard.Add("next"));

        Assert.Equal(SessionState.Alive, _test.Create().State);

        Assert.Contains("next", _test.Told);
        Assert.Contains(_test.Heard.Logged, record => record.Id == 2005);
    }

    [Fact]
    public void More_callbacks_than_the_limit_are_refused()
    {
        IDisposable? registered = null;
        for (int i = 0; i < Limits.MaxSessionCreateCallbacks; i++)
        {
            registered = _test.Follower.RegisterSessionCreateCb(_ => { });
        }

        SessionException refusal = Assert.Throws<SessionException>(
            () => _test.Follower.RegisterSessionCreateCb(_ => { }));
        registered!.Dispose();
        _test.Follower.RegisterSessionCreateCb(_ => { });

        Assert.Equal(SessionStatus.TooManyObjects, refusal.Status);
        Assert.Contains("64", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_follower_takes_no_callback_and_lets_go_of_the_old_ones()
    {
        IDisposable registered = _test.Follower.RegisterSessionCreateCb(_ => { });
        _test.Follower.Close();

        SessionException refusal = Assert.Throws<SessionException>(
            () => _test.Follower.RegisterSessionCreateCb(_ => { }));
        registered.Dispose();

        Assert.Equal(SessionStatus.Cancelled, refusal.Status);
    }

    public void Dispose()
    {
        _test.Dispose();
        _master.Dispose();
    }
}
