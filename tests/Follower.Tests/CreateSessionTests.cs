using System;
using System.Linq;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class CreateSessionTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public void A_create_runs_its_six_steps_in_order()
    {
        using TestFollower test = new(new FollowerManagerOptions { Endpoints = [_master.Address] }, _master.History);
        test.Callbacks.OnCreated = _ => Note("SessionCreatedCb");
        test.Follower.RegisterSessionCreateCb(_ => Note("first registered"));
        test.Follower.RegisterSessionCreateCb(_ => Note("second registered"));
        test.Callbacks.OnStateChanged = session => Note(session.State.ToString());

        Note("1/6 AccessHandler.CreateSession");
        test.Create();
        Note("returned");

        Assert.Equal(
            [
                "1/6 AccessHandler.CreateSession",
                "2/6 SessionFollower.CreateSession forwards to SessionClient, cs1",
                "3/6 SessionClient fills in the session item and sends it, cs1",
                "4/6 SessionMaster.CreateSession: CheckLeader, cs1",
                "4/6 SessionMaster.CreateSession: SessionInitialize, cs1",
                "master: SessionInitialize cs1",
                "4/6 SessionMaster.CreateSession: persisted, cs1",
                "4/6 SessionMaster.CreateSession: SessionCreated, cs1",
                "master: SessionCreated cs1",
                "4/6 SessionMaster.CreateSession: granted, cs1",
                "5/6 SessionCreatedCb, cs1",
                "SessionCreatedCb",
                "6/6 RegisterSessionCreateCb callbacks, cs1",
                "first registered",
                "second registered",
                "Alive",
                "returned",
            ],
            _master.History.Events);
    }

    [Fact]
    public void The_masters_answer_is_what_the_host_sees()
    {
        _master.Hooks.OnSessionInitialize = (request, amendment) => amendment.Capabilities &= 0b0110;
        _master.Hooks.OnSessionCreated = (request, grant) =>
        {
            grant.Capabilities = request.Description.Capabilities & 0b0100;
            grant.ReportWindow = new ReportWindow(64, 32);
        };
        using TestFollower test = new(_master.Address);
        SessionInfo? seen = null;
        SessionState during = SessionState.Lost;
        test.Callbacks.OnCreated = session =>
        {
            seen = session;
            during = test.State;
            return true;
        };

        SessionInfo session = test.Follower.CreateSession(TestFollower.Description with { Capabilities = 0b1111 });

        Assert.Equal(SessionState.None, during);
        Assert.Equal(SessionState.None, seen!.State);
        Assert.Equal(SessionState.Alive, session.State);
        Assert.Equal(0b0100UL, session.Capabilities);
        Assert.Equal(new ReportWindow(64, 32), session.ReportWindow);
        Assert.Equal(RunningMaster.TermMs, session.TermMs);
        Assert.Equal(_master.Master.MasterEpoch, session.MasterEpoch);
        Assert.Equal(SessionEndReason.None, session.EndReason);
        Assert.Equal((session.SessionId, session.Epoch), (seen.SessionId, seen.Epoch));
        SessionRow row = Assert.Single(_master.Sessions);
        Assert.Equal((session.SessionId, session.Epoch), (row.SessionId, row.Epoch));
    }

    [Fact]
    public void The_server_description_carries_identity_host_and_process()
    {
        using TestFollower test = new(_master.Address);

        test.Create();

        ServerDescription description = Assert.Single(_master.Sessions).Description;
        Assert.Equal(TestFollower.Identity, description.Identity);
        Assert.Equal(Environment.MachineName, description.HostName);
        Assert.Equal((uint)Environment.ProcessId, description.ProcessId);
    }

    [Fact]
    public void SessionCreated_that_says_no_gives_the_session_back()
    {
        using TestFollower test = new(_master.Address);
        test.Callbacks.OnCreated = _ => false;

        test.CreateFails(SessionStatus.RefusedByHost);

        ulong epoch = test.Follower.Session.Epoch;
        Assert.Equal([$"created {epoch}", $"lost {epoch} Closed"], test.Told);
        Assert.Equal(SessionState.Lost, test.State);
        Assert.Equal(SessionEndReason.Closed, test.Follower.Session.EndReason);
        Assert.Equal(0, LeaseReader.DeadlineNs(test.Follower.LeaseAddress));
        Eventually.IsTrue(() => _master.Ended(TestFollower.Identity, SessionEndReason.Closed) == 1, "given back");
    }

    [Fact]
    public void SessionCreated_that_refuses_says_why_in_the_error_of_the_create()
    {
        using TestFollower test = new(_master.Address);
        test.Callbacks.OnCreated = _ => Verdict.Refuse("no disk is mounted");

        SessionException refusal = test.CreateFails(SessionStatus.RefusedByHost);

        Assert.EndsWith("refused the session: no disk is mounted", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SessionCreated_that_throws_says_no()
    {
        using TestFollower test = new(_master.Address);
        test.Callbacks.OnCreated = _ => throw new InvalidOperationException("the host's own defect");

        test.CreateFails(SessionStatus.RefusedByHost);

        Assert.Contains(test.Heard.Logged, record => record.Id == 2005);
        Eventually.IsTrue(() => _master.Sessions.Length == 0, "given back");
    }

    [Fact]
    public void After_a_refusal_by_the_host_the_next_create_succeeds()
    {
        using TestFollower test = new(_master.Address);
        test.Callbacks.OnCreated = _ => false;
        test.CreateFails(SessionStatus.RefusedByHost);
        test.Callbacks.OnCreated = _ => true;

        SessionInfo session = test.Create();

        Assert.Equal(SessionState.Alive, session.State);
        Assert.Equal("created " + session.Epoch, test.Told[2]);
    }

    [Fact]
    public void The_masters_refusal_comes_with_its_reason_and_without_callbacks()
    {
        _master.Hooks.OnSessionInitialize = (_, _) =>
            throw new SessionException(SessionStatus.Refused, "cs1 is on the list of broken servers");
        using TestFollower test = new(_master.Address);

        SessionException refusal = test.CreateFails(SessionStatus.Refused);

        Assert.Equal("cs1 is on the list of broken servers", refusal.Message);
        Assert.Empty(test.Told);
        Assert.Equal(SessionInfo.None, test.Follower.Session);
    }

    [Fact]
    public void A_refusal_in_the_masters_SessionCreated_reaches_the_follower_too()
    {
        _master.Hooks.OnSessionCreated = (_, _) => throw new SessionException(SessionStatus.Refused, "no pids left");
        using TestFollower test = new(_master.Address);

        Assert.Equal("no pids left", test.CreateFails(SessionStatus.Refused).Message);

        Assert.Empty(test.Told);
        Eventually.IsTrue(() => _master.Sessions.Length == 0, "closed again");
    }

    [Fact]
    public void An_identity_in_use_waits_for_the_end_of_the_old_lease()
    {
        using TcpProxy proxy = new(_master.Port);
        using TestFollower old = new(proxy.Address);
        SessionInfo first = old.Create();
        proxy.Cut();
        using TestFollower next = new(_master.Address);

        SessionInfo second = next.Create();

        Assert.True(second.Epoch > first.Epoch);
        Assert.False(LeaseReader.IsValid(old.Follower.LeaseAddress, first.Epoch));
        string[] events = _master.History.Events;
        Assert.True(
            Array.IndexOf(events, "master: SessionEnded cs1 Expired") < Array.LastIndexOf(events, "master: SessionCreated cs1"));
        Assert.Contains(next.Heard.Logged, record => record.Id == 2004);
    }

    [Fact]
    public void An_identity_that_is_taken_for_a_while_is_asked_for_a_handful_of_times()
    {
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 5000);
        using TcpProxy proxy = new(master.Port);
        using TestFollower old = new(proxy.Address);
        SessionInfo first = old.Create();
        proxy.Cut();
        int asked = Asked();
        using TestFollower next = new(master.Address);

        Assert.True(next.Create(timeoutMs: 20_000).Epoch > first.Epoch);

        // At once, each second, and when it is free; a busy machine may need one more.
        Assert.InRange(Asked() - asked, 2, 8);
        Assert.InRange(next.Heard.Logged.Count(record => record.Id == 2004), 1, Limits.LogLinesAtOnce);

        int Asked() => master.History.Count("4/6 SessionMaster.CreateSession: CheckLeader, cs1");
    }

    [Fact]
    public void An_identity_in_use_for_longer_than_the_time_out_is_said_so()
    {
        using TestFollower old = new(_master.Address);
        SessionInfo first = old.Create();
        using TestFollower next = new(_master.Address);

        SessionException refusal = next.CreateFails(SessionStatus.IdentityInUse, timeoutMs: 400);

        Assert.Contains($"{first.SessionId:x16}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no session within 400 ms", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(first.Epoch, Assert.Single(_master.Sessions).Epoch);
    }

    [Fact]
    public void A_create_beside_a_session_is_refused()
    {
        using TestFollower test = new(_master.Address);
        test.Create();

        test.CreateFails(SessionStatus.SessionExists);

        Assert.Equal(SessionState.Alive, test.State);
    }

    [Fact]
    public void A_blocking_create_in_a_callback_is_refused_at_once()
    {
        using TestFollower test = new(_master.Address);
        SessionException? refusal = null;
        test.Callbacks.OnStateChanged = _ => refusal = Assert.Throws<SessionException>(() => test.Create());

        test.Create();

        Assert.Equal(SessionStatus.InCallback, refusal!.Status);
    }

    [Fact]
    public void A_term_of_which_too_little_is_usable_is_refused_and_given_back()
    {
        using TestFollower test = new(new FollowerManagerOptions { Endpoints = [_master.Address], EffectDelayMs = 600 });

        SessionException refusal = test.CreateFails(SessionStatus.InvalidArgument);

        Assert.Contains("effect_delay_ms 600", refusal.Message, StringComparison.Ordinal);
        Eventually.IsTrue(() => _master.Ended(TestFollower.Identity, SessionEndReason.Closed) == 1, "given back");
        Assert.Empty(test.Told);
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(Limits.MaxTimeoutMs + 1)]
    public void A_time_out_beyond_its_limits_is_named(uint timeoutMs)
    {
        using TestFollower test = new(_master.Address);

        SessionException refusal = test.CreateFails(SessionStatus.InvalidArgument, timeoutMs);

        Assert.Equal($"timeout_ms is {timeoutMs}; it must be 1 to {Limits.MaxTimeoutMs}", refusal.Message);
    }

    [Fact]
    public void A_hundred_followers_of_one_process_get_their_sessions_at_the_same_time()
    {
        using RunningMaster master = new(
            new History(), options => options.TermMs = options.MaxTermMs = Limits.DefaultTermMs);
        using FollowerManager manager = new(new FollowerManagerOptions { Endpoints = [master.Address], Insecure = Insecure.Loopback }, new History());
        int completed = 0;
        SessionFollower[] followers = [.. Enumerable.Range(0, 100).Select(i => manager.CreateFollower($"server-{i}"))];
        foreach (SessionFollower follower in followers)
        {
            follower.Ordered.BeginCreateSession(TestFollower.Description, 10_000, (failure, _) =>
            {
                if (failure == null)
                {
                    Interlocked.Increment(ref completed);
                }
            });
        }

        Eventually.IsTrue(() => Volatile.Read(ref completed) == 100, "all created");
        Assert.Equal(100, followers.Select(follower => follower.Session.Epoch).Distinct().Count());
        Assert.Equal(100, master.Sessions.Length);
    }

    public void Dispose() => _master.Dispose();

    private bool Note(string what)
    {
        _master.History.Add(what);
        return true;
    }
}
