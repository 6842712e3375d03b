using System;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class SessionEndTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public void A_revoked_session_is_lost_with_its_reason_and_acknowledged_after_the_host_has_stopped()
    {
        using TestFollower test = new(_master.Address);
        using ManualResetEventSlim stopping = new();
        using ManualResetEventSlim hasStopped = new();
        test.Callbacks.OnLost = _ =>
        {
            stopping.Set();
            hasStopped.Wait(Eventually.Patience);
        };
        SessionInfo session = test.Create();

        _master.Master.RevokeSession(session.SessionId, session.Epoch, "maintenance");
        Eventually.IsSet(stopping, "lost");

        Assert.False(LeaseReader.IsValid(test.Follower.LeaseAddress, session.Epoch));
        Assert.Equal(SessionEndReason.Revoked, test.Follower.Session.EndReason);
        Assert.Equal(0, _master.Ended(TestFollower.Identity, SessionEndReason.Revoked));
        hasStopped.Set();
        Eventually.IsTrue(() => _master.Ended(TestFollower.Identity, SessionEndReason.Revoked) == 1, "acknowledged");
        test.HearsOf($"lost {session.Epoch} Revoked");
    }

    [Fact]
    public void A_revocation_is_acknowledged_although_the_host_threw_as_it_stopped()
    {
        using RunningMaster master = new(new History(), options => options.TermMs = options.MaxTermMs = 20_000);
        using TestFollower test = new(master.Address);
        test.Callbacks.OnLost = _ => throw new InvalidOperationException("the host's own defect");
        SessionInfo session = test.Create();

        master.Master.RevokeSession(session.SessionId, session.Epoch, "maintenance");

        // Long before the lease is over.
        Eventually.IsTrue(() => master.Ended(TestFollower.Identity, SessionEndReason.Revoked) == 1, "acknowledged");
    }

    [Fact]
    public void A_session_that_the_master_has_no_memory_of_is_lost_as_unknown()
    {
        using RunningMaster other = new(new History());
        using TcpProxy proxy = new(_master.Port);
        using TestFollower test = new(proxy.Address);
        SessionInfo session = test.Create();

        // Its leadership is not lower than the one that granted the session, or it would not be believed.
        proxy.Target = other.Port;
        proxy.Cut();
        proxy.Restore();

        test.HearsOf($"lost {session.Epoch} Unknown");
        Assert.Equal(SessionEndReason.Unknown, test.Follower.Session.EndReason);
    }

    [Fact]
    public void A_closed_session_is_told_to_the_host_before_the_master()
    {
        using TestFollower test = new(_master.Address);
        SessionInfo session = test.Create();
        bool wasHeld = false;
        bool wasValid = true;
        test.Callbacks.OnLost = lost =>
        {
            wasHeld = _master.Holds(lost.SessionId);
            wasValid = LeaseReader.IsValid(test.Follower.LeaseAddress, lost.Epoch);
        };

        test.Follower.Close();

        Assert.True(wasHeld);
        Assert.False(wasValid);
        Assert.Equal($"lost {session.Epoch} Closed", test.Told[^1]);
        Assert.Empty(_master.Sessions);
        Eventually.IsTrue(() => _master.Ended(TestFollower.Identity, SessionEndReason.Closed) == 1, "closed at the master");
    }

    [Fact]
    public void After_a_lost_session_the_follower_holds_none_until_it_is_asked_to()
    {
        using TestFollower test = new(_master.Address);
        SessionInfo first = test.Create();
        _master.Master.RevokeSession(first.SessionId, first.Epoch, "maintenance");
        test.HearsOf($"lost {first.Epoch} Revoked");

        Assert.Equal(SessionState.Lost, test.State);
        Assert.Throws<SessionException>(() => test.Follower.GetItem(first.Epoch, "rack"));
        SessionInfo second = test.Create();

        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal(SessionState.Alive, test.State);
        Assert.Equal(1, test.Heard.Count($"lost {first.Epoch} Revoked"));
        Assert.Single(test.Told, what => what.StartsWith("lost", StringComparison.Ordinal));
    }

    public void Dispose() => _master.Dispose();
}
