using System;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>What a process has given up does not stand in its own way.</summary>
public sealed class AbandonedCreatesTests : IDisposable
{
    // Longer than any test waits: nothing here ends by itself.
    private readonly RunningMaster _master = new(new History(), options => options.TermMs = options.MaxTermMs = 600_000);
    private readonly TcpProxy _proxy;

    public AbandonedCreatesTests() => _proxy = new TcpProxy(_master.Port);

    [Fact]
    public void A_create_that_timed_out_after_it_was_made_does_not_block_the_next()
    {
        using TestFollower test = new(_proxy.Address);
        using ManualResetEventSlim mayAnswer = new();
        _master.Hooks.OnSessionCreated = (_, _) => mayAnswer.Wait(Eventually.Patience);
        test.CreateFails(SessionStatus.TimedOut, timeoutMs: 1000);
        ulong orphan = Assert.Single(_master.Sessions).Epoch;
        mayAnswer.Set();

        SessionInfo session = test.Create(timeoutMs: 20_000);

        Assert.True(session.Epoch > orphan);
        Assert.Equal(session.Epoch, Assert.Single(_master.Sessions).Epoch);
    }

    [Fact]
    public void A_create_whose_answer_never_came_does_not_block_the_next()
    {
        using TestFollower test = new(_proxy.Address);
        _proxy.DropsAnswers = true;
        Assert.Throws<SessionException>(() => test.Create(timeoutMs: 1000));
        Eventually.IsTrue(() => _master.Sessions.Length == 1, "made");
        _proxy.DropsAnswers = false;
        _proxy.Cut();
        _proxy.Restore();

        SessionInfo session = test.Create(timeoutMs: 20_000);

        Assert.Equal(session.Epoch, Assert.Single(_master.Sessions).Epoch);
    }

    [Fact]
    public void A_session_that_was_closed_while_the_master_could_not_be_told_does_not_block_the_next_follower()
    {
        using TestFollower test = new(_proxy.Address);
        SessionInfo first = test.Create();
        _proxy.Cut();
        test.Follower.Close();
        Assert.True(_master.Holds(first.SessionId));
        _proxy.Restore();

        using SessionFollower again = test.Manager.CreateFollower(TestFollower.Identity);
        SessionInfo second = again.CreateSession(TestFollower.Description, 20_000);

        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal(second.Epoch, Assert.Single(_master.Sessions).Epoch);
    }

    [Fact]
    public void A_session_that_another_process_holds_is_not_given_up()
    {
        using TestFollower other = new(_master.Address);
        SessionInfo held = other.Create();
        using TestFollower test = new(_proxy.Address);
        test.CreateFails(SessionStatus.IdentityInUse, timeoutMs: 500);

        test.CreateFails(SessionStatus.IdentityInUse, timeoutMs: 500);

        Assert.Equal(held.Epoch, Assert.Single(_master.Sessions).Epoch);
        Assert.DoesNotContain(other.Told, what => what.StartsWith("lost", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _proxy.DropsAnswers = false;
        _proxy.Dispose();
        _master.Dispose();
    }
}
