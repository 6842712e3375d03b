using System;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A restarted process takes up the session of the one before; here both are followers of their own managers.</summary>
public sealed class ReattachTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());
    private readonly TestFollower _former;
    private readonly TestFollower _newest;

    public ReattachTests()
    {
        _former = new TestFollower(_master.Address);
        _newest = new TestFollower(_master.Address);
    }

    [Fact]
    public void The_session_goes_on_with_its_epoch_and_items_and_all_callbacks_run()
    {
        SessionInfo session = _former.Create();
        ulong revision = _former.Follower.SetItem(session.Epoch, "rack", "r1"u8.ToArray());

        SessionInfo taken = _newest.Follower.ReattachSession(session.SessionId, session.Secret);

        Assert.Equal((session.SessionId, session.Epoch), (taken.SessionId, taken.Epoch));
        Assert.NotEqual(session.Secret, taken.Secret);
        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], _newest.Told);
        Assert.Equal(revision, _newest.Follower.GetItem(taken.Epoch, "rack").Revision);
        _newest.BecomesRenewed();
        Assert.Single(_master.Sessions);
    }

    [Fact]
    public void The_former_process_loses_it_and_the_newest_keeps_it()
    {
        SessionInfo session = _former.CreateAndRenew();

        _newest.Follower.ReattachSession(session.SessionId, session.Secret);

        _former.HearsOf($"lost {session.Epoch} Superseded");
        Assert.False(LeaseReader.IsValid(_former.Follower.LeaseAddress, session.Epoch));
        _newest.BecomesRenewed();
        _newest.BecomesRenewed();
        Assert.Equal(SessionState.Alive, _newest.State);
    }

    [Fact]
    public void A_session_that_was_taken_up_is_not_created_again_when_it_is_lost()
    {
        SessionInfo session = _former.Create();
        using TestFollower restarted = new(
            new FollowerManagerOptions { Endpoints = [_master.Address] }, recreate: RecreatePolicy.AfterLoss);
        restarted.CreateFails(SessionStatus.IdentityInUse, 500);
        restarted.Follower.ReattachSession(session.SessionId, session.Secret);

        _master.Master.RevokeSession(session.SessionId, session.Epoch, "maintenance");
        restarted.HearsOf($"lost {session.Epoch} Revoked");

        // Nothing else is in progress: the host's own create is the next.
        Assert.True(restarted.Create().Epoch > session.Epoch);
    }

    [Fact]
    public void A_secret_is_good_once_and_the_next_one_works()
    {
        SessionInfo session = _former.Create();
        SessionInfo second = _newest.Follower.ReattachSession(session.SessionId, session.Secret);
        using TestFollower third = new(_master.Address);

        Assert.Equal(
            SessionStatus.WrongSecret,
            Assert.Throws<SessionException>(() => third.Follower.ReattachSession(session.SessionId, session.Secret)).Status);
        Assert.Equal(session.Epoch, third.Follower.ReattachSession(session.SessionId, second.Secret).Epoch);
    }

    [Fact]
    public void A_restarted_master_knows_the_secret_still()
    {
        SessionInfo session = _former.Create();
        _master.Stop();
        _master.StartAgain();

        Assert.Equal(session.Epoch, _newest.Follower.ReattachSession(session.SessionId, session.Secret).Epoch);
    }

    [Fact]
    public void A_session_that_ended_meanwhile_is_told_so_and_a_new_one_can_be_created()
    {
        SessionInfo session = _former.Create();
        _former.Follower.Close();

        Assert.Equal(
            SessionStatus.SessionClosed,
            Assert.Throws<SessionException>(() => _newest.Follower.ReattachSession(session.SessionId, session.Secret)).Status);
        Assert.True(_newest.Create().Epoch > session.Epoch);
    }

    /// <summary>The hint may be of anybody who has got in between, and a secret is worth a session.</summary>
    [Fact]
    public void Without_TLS_a_secret_is_shown_to_configured_masters_alone()
    {
        SessionInfo session = _former.CreateAndRenew();
        using RunningMaster standby = new(new History());
        using TcpProxy named = new(_master.Port);
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(false, named.Address);
        Eventually.IsTrue(() => !standby.Master.Leads, "standby");
        using TestFollower test = new(standby.Address);

        SessionException refusal = Assert.Throws<SessionException>(
            () => test.Follower.ReattachSession(session.SessionId, session.Secret, timeoutMs: 1500));

        Assert.Equal(SessionStatus.NotLeader, refusal.Status);
        Assert.Contains($"{named.Address} is shown no secret", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, named.Accepted);
        _former.BecomesRenewed();
        // All else follows the hint, and where the leader is configured the re-attach finds it.
        test.CreateFails(SessionStatus.IdentityInUse, 1500);
        Assert.True(named.Accepted > 0);
        using TestFollower both = new(standby.Address, _master.Address);
        Assert.Equal(session.Epoch, both.Follower.ReattachSession(session.SessionId, session.Secret).Epoch);
    }

    [Fact]
    public void A_master_that_is_given_later_may_be_shown_it()
    {
        SessionInfo session = _former.CreateAndRenew();
        using TestFollower test = new("127.0.0.1:1");

        test.Manager.SetEndpoints([_master.Address]);

        Assert.Equal(session.Epoch, test.Follower.ReattachSession(session.SessionId, session.Secret).Epoch);
    }

    public void Dispose()
    {
        _newest.Dispose();
        _former.Dispose();
        _master.Dispose();
    }
}
