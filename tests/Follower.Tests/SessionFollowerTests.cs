using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A follower against a real master, from .NET.</summary>
public sealed class SessionFollowerTests
{
    private readonly NotedCallbacks _callbacks = new();

    [Fact]
    public void A_session_outlives_many_terms_and_a_restart_of_its_master_at_the_same_epoch()
    {
        using VirtualTime time = new();
        using MasterAndManager running = new(time: time);
        SessionFollower follower = running.Manager.CreateFollower("cs1", _callbacks);
        SessionInfo created = follower.CreateSession(MasterAndManager.Description);
        running.RestartMaster();
        ulong masterEpoch = created.MasterEpoch;
        Assert.True(time.PassUntil(() => follower.Session.MasterEpoch > masterEpoch, 60_000), "renewed by the new leadership");
        long threeTermsNs = time.NowNs + Ns.FromMs(3 * MasterAndManager.TermMs);
        time.PassUntil(() => time.NowNs > threeTermsNs, 60_000);
        Assert.Equal(created.Epoch, follower.Session.Epoch);
        Assert.Equal(0, _callbacks.CountOf("lost"));
        Assert.Single(running.Master.ListSessions().Rows);
    }

    [Fact]
    public void A_lost_session_is_told_exactly_once_and_before_the_next_is_created()
    {
        using MasterAndManager running = new();
        SessionFollower follower = running.Manager.CreateFollower("cs1", _callbacks);
        _callbacks.OnLost = _ => Thread.Sleep(100);
        for (int i = 0; i < 5; i++)
        {
            SessionInfo session = follower.CreateSession(MasterAndManager.Description);
            running.Master.RevokeSession(session.SessionId, session.Epoch, "test");
            Eventually.IsTrue(() => follower.Session.State == SessionState.Lost, "lost");
        }

        follower.Close();
        string[] order = [.. _callbacks.Events.Where(e => e[0] is 'c' or 'l').Select(e => e.Split(' ')[0])];
        Assert.Equal(Enumerable.Repeat<string[]>(["created", "lost"], 5).SelectMany(pair => pair), order);
    }

    [Fact]
    public void A_host_that_refuses_gives_the_session_back_and_hears_of_its_loss_first()
    {
        using MasterAndManager running = new();
        SessionFollower follower = running.Manager.CreateFollower("cs1", _callbacks);
        _callbacks.OnCreated = _ => false;
        SessionException refusal = Assert.Throws<SessionException>(() => follower.CreateSession(MasterAndManager.Description));
        Assert.Equal(SessionStatus.RefusedByHost, refusal.Status);
        Assert.Equal(1, _callbacks.CountOf("lost"));
        Eventually.IsTrue(() => running.Master.ListSessions().Rows.Count == 0, "given back");
    }

    [Fact]
    public void A_callback_that_throws_ends_nothing()
    {
        using MasterAndManager running = new();
        SessionFollower follower = running.Manager.CreateFollower("cs1", _callbacks);
        int calls = 0;
        using IDisposable first = follower.RegisterSessionCreateCb(_ => throw new InvalidOperationException("of the host"));
        using IDisposable second = follower.RegisterSessionCreateCb(_ => calls++);
        Assert.Equal(SessionState.Alive, follower.CreateSession(MasterAndManager.Description).State);
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Nobody_listening_is_no_master_within_the_time_out()
    {
        using TcpListener reserved = new(IPAddress.Loopback, 0);
        reserved.Start();
        string endpoint = reserved.LocalEndpoint.ToString()!;
        reserved.Stop();
        using FollowerManager manager = new(
            new FollowerManagerOptions { Endpoints = [endpoint], Insecure = Insecure.Loopback }, NullLoggerFactory.Instance);
        Stopwatch watch = Stopwatch.StartNew();
        SessionException failure = Assert.Throws<SessionException>(
            () => manager.CreateFollower("cs1").CreateSession(MasterAndManager.Description, 500));
        Assert.Equal(SessionStatus.NoMaster, failure.Status);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public void A_refusal_of_the_master_reaches_the_host_with_its_reason()
    {
        using MasterAndManager running = new(new Refusing());
        SessionException refusal = Assert.Throws<SessionException>(
            () => running.Manager.CreateFollower("cs1").CreateSession(MasterAndManager.Description));
        Assert.Equal(SessionStatus.Refused, refusal.Status);
        Assert.Contains("not on my watch", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_in_use_is_granted_when_the_old_lease_is_over()
    {
        using MasterAndManager running = new();
        using FollowerManager dead = new(
            new FollowerManagerOptions { Endpoints = [$"127.0.0.1:{running.Port}"], Insecure = Insecure.Loopback }, NullLoggerFactory.Instance);
        SessionInfo old = dead.CreateFollower("cs1").CreateSession(MasterAndManager.Description);
        running.Master.RevokeSession(old.SessionId, old.Epoch, "so that it is renewed no more");
        SessionInfo next = running.Manager.CreateFollower("cs1").CreateSession(MasterAndManager.Description, 10_000);
        Assert.True(next.Epoch > old.Epoch);
    }

    [Fact]
    public void A_cancelled_create_ends_at_once_and_leaves_no_session()
    {
        Blocking hook = new();
        using MasterAndManager running = new(hook);
        SessionFollower follower = running.Manager.CreateFollower("cs1", _callbacks);
        using ManualResetEventSlim completed = new();
        SessionStatus status = SessionStatus.Ok;
        CreateOperation operation = follower.Ordered.BeginCreateSession(MasterAndManager.Description, 20_000, (failure, _) =>
        {
            status = failure!.Status;
            completed.Set();
        });
        Assert.True(hook.Entered.Wait(Eventually.Patience));
        operation.Cancel();
        Assert.True(completed.Wait(Eventually.Patience));
        Assert.Equal(SessionStatus.Cancelled, status);
        hook.Release.Set();
        Eventually.IsTrue(() => running.Master.ListSessions().Rows.Count == 0 && hook.Ended.IsSet, "given back");
        Assert.Equal(0, _callbacks.CountOf("created"));
    }

    [Fact]
    public void Closing_and_creating_from_inside_a_callback_are_refused_and_the_asynchronous_close_is_not()
    {
        using MasterAndManager running = new();
        SessionFollower follower = running.Manager.CreateFollower("cs1", _callbacks);
        using ManualResetEventSlim closed = new();
        SessionStatus[] refusals = [];
        _callbacks.OnCreated = _ =>
        {
            refusals =
            [
                Assert.Throws<SessionException>(follower.Close).Status,
                Assert.Throws<SessionException>(running.Manager.Close).Status,
                Assert.Throws<SessionException>(() => follower.CreateSession(MasterAndManager.Description)).Status,
            ];
            follower.Ordered.BeginClose(closed.Set);
            return true;
        };
        Assert.Throws<SessionException>(() => follower.CreateSession(MasterAndManager.Description));
        Assert.True(closed.Wait(Eventually.Patience));
        Assert.All(refusals, status => Assert.Equal(SessionStatus.InCallback, status));
        Assert.Equal(3, refusals.Length);
    }

    private sealed class Refusing : AccessManager
    {
        public override void SessionInitialize(SessionRequest request, SessionAmendment amendment) =>
            throw new SessionException(SessionStatus.Refused, "not on my watch");
    }

    private sealed class Blocking : AccessManager
    {
        internal ManualResetEventSlim Entered { get; } = new();

        internal ManualResetEventSlim Release { get; } = new();

        internal ManualResetEventSlim Ended { get; } = new();

        public override void SessionInitialize(SessionRequest request, SessionAmendment amendment)
        {
            Entered.Set();
            Release.Wait(Eventually.Patience);
        }

        public override void SessionEnded(SessionRequest request, SessionEndReason reason) => Ended.Set();
    }
}
