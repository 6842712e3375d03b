using System;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class BlockingCallbackTests : IDisposable
{
    /// <summary>Five terms: without renewals every lease would be over several times.</summary>
    private const long BlockedMs = 5000;

    private readonly VirtualTime _time = new();
    private readonly RunningMaster _master;
    private readonly ManualResetEventSlim _blocks = new();
    private readonly ManualResetEventSlim _mayReturn = new();

    public BlockingCallbackTests() => _master = new RunningMaster(new History(), time: _time);

    [Fact]
    public void A_callback_that_blocks_for_five_seconds_delays_no_renewal_of_its_own_or_of_others()
    {
        using TestFollower test = new(_master.Address, _time);
        SessionFollower[] others = [.. Enumerable.Range(0, 5).Select(i => test.Manager.CreateFollower($"server-{i}"))];
        ulong[] epochs = [.. others.Select(follower => follower.CreateSession(TestFollower.Description).Epoch)];
        test.Callbacks.OnCreated = _ => Block();
        CreateOperation operation = test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 10_000, (_, _) => { });
        Eventually.IsSet(_blocks, "blocked");
        ulong epoch = test.Follower.Session.Epoch;

        long untilNs = _time.NowNs + Ns.FromMs(BlockedMs);
        while (_time.NowNs < untilNs)
        {
            // Each renewed again and again, all the time.
            long[] deadlines = [test.Follower.Session.DeadlineNs, .. others.Select(other => other.Session.DeadlineNs)];
            test.Becomes(() => test.Follower.Session.DeadlineNs > deadlines[0], () => "own renewal");
            for (int i = 0; i < others.Length; i++)
            {
                test.Becomes(() => others[i].Session.DeadlineNs > deadlines[i + 1], () => $"renewal of server-{i}");
            }
        }

        Assert.False(operation.Completed.IsSet);
        _mayReturn.Set();
        Eventually.IsSet(operation.Completed, "completed");
        Assert.Equal(epoch, test.Follower.Session.Epoch);
        Assert.NotEqual(SessionState.Lost, test.State);
        Assert.Equal(epochs, others.Select(other => other.Session.Epoch));
        Assert.All(others, other => Assert.NotEqual(SessionState.Lost, other.Session.State));
    }

    [Fact]
    public void Many_hosts_that_block_at_the_same_time_delay_no_create_of_another()
    {
        using TestFollower test = new(_master.Address, _time);
        using CountdownEvent blocked = new(60);
        Blocking callbacks = new(blocked, _mayReturn);
        for (int i = 0; i < 60; i++)
        {
            test.Manager.CreateFollower($"server-{i}", callbacks)
                .Ordered.BeginCreateSession(TestFollower.Description, 10_000, (_, _) => { });
        }

        Assert.True(blocked.Wait(Eventually.Patience));

        SessionInfo session = test.Create();
        test.BecomesRenewed();

        Assert.Equal(session.Epoch, test.Follower.Session.Epoch);
        Assert.Equal(61, _master.Sessions.Length);
        _mayReturn.Set();
    }

    [Fact]
    public void A_session_lost_while_its_callbacks_run_ends_the_create_after_the_loss_was_told()
    {
        using TestFollower test = new(_master.Address, _time);
        test.Follower.RegisterSessionCreateCb(_ => Block());
        SessionException? failure = null;
        CreateOperation operation = test.Follower.Ordered.BeginCreateSession(TestFollower.Description, 10_000, (error, _) =>
        {
            failure = error;
            test.Heard.Add("completed");
        });
        Eventually.IsSet(_blocks, "blocked");
        SessionInfo session = test.Follower.Session;

        _master.Master.RevokeSession(session.SessionId, session.Epoch, "maintenance");
        test.BecomesState(SessionState.Lost);
        Assert.False(LeaseReader.IsValid(test.Follower.LeaseAddress, session.Epoch));
        Assert.Equal(0, _master.Ended(TestFollower.Identity, SessionEndReason.Revoked));
        _mayReturn.Set();

        Eventually.IsSet(operation.Completed, "completed");
        Assert.Equal(SessionStatus.SessionRevoked, failure!.Status);
        Assert.Equal([$"created {session.Epoch}", $"lost {session.Epoch} Revoked", "completed"], test.Told);
    }

    [Fact]
    public void What_happens_while_a_callback_blocks_is_told_afterwards_in_order()
    {
        using TcpProxy proxy = new(_master.Port);
        using TestFollower test = new(proxy.Address, _time);
        SessionInfo session = test.CreateAndRenew();
        test.Callbacks.OnStateChanged = info =>
        {
            if (info.State == SessionState.Suspect)
            {
                Block();
            }
        };

        proxy.Cut();
        test.Becomes(() => _blocks.IsSet, () => "blocked");
        test.BecomesState(SessionState.Jeopardy);
        test.Becomes(() => _master.Sessions.Length == 0, () => "expired");
        proxy.Restore();
        test.BecomesState(SessionState.Lost);
        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
        _mayReturn.Set();

        test.HearsOf($"lost {session.Epoch} Expired");
        Assert.Equal(
            [$"Suspect {session.Epoch}", $"Jeopardy {session.Epoch}", $"lost {session.Epoch} Expired"], test.Told[2..]);
    }

    public void Dispose()
    {
        _mayReturn.Set();
        _master.Dispose();
        _time.Dispose();
        _blocks.Dispose();
    }

    private bool Block()
    {
        _blocks.Set();
        return _mayReturn.Wait(Eventually.Patience);
    }

    private sealed class Blocking(CountdownEvent blocked, ManualResetEventSlim mayReturn) : FollowerCallbacks
    {
        public override Verdict SessionCreated(SessionInfo session)
        {
            blocked.Signal();
            return mayReturn.Wait(Eventually.Patience);
        }
    }
}
