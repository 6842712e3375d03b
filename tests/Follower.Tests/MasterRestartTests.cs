using System;
using System.Linq;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class MasterRestartTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());
    private readonly TestFollower _test;

    public MasterRestartTests() => _test = new TestFollower(_master.Address);

    [Fact]
    public void A_session_goes_on_at_the_same_epoch_with_its_items_under_the_next_leadership()
    {
        SessionInfo session = _test.Create();
        ulong revision = _test.Follower.SetItem(session.Epoch, "rack", "r1"u8.ToArray());

        _master.Stop();
        _master.StartAgain();

        Eventually.IsTrue(
            () => _test.Follower.Session.MasterEpoch > session.MasterEpoch, () => $"renewed, {_test.Follower.Session}");
        Assert.Equal(session.Epoch, _test.Follower.Session.Epoch);
        _test.BecomesState(SessionState.Alive);
        Item item = Assert.Single(_test.Follower.ListItems(session.Epoch));
        Assert.Equal(("rack", revision), (item.Key, item.Revision));
        Assert.Equal("r1"u8.ToArray(), item.Value.ToArray());
        Assert.Equal(session.Epoch, Assert.Single(_master.Sessions).Epoch);
        Assert.DoesNotContain(_test.Told, what => what.StartsWith("lost", StringComparison.Ordinal));
    }

    [Fact]
    public void A_restart_that_takes_longer_than_the_lease_leaves_the_session_too()
    {
        SessionInfo session = _test.CreateAndRenew();

        _master.Stop();
        _test.BecomesState(SessionState.Jeopardy);
        Assert.False(LeaseReader.IsValid(_test.Follower.LeaseAddress, session.Epoch));
        _master.StartAgain();

        _test.BecomesState(SessionState.Alive);
        Assert.True(LeaseReader.IsValid(_test.Follower.LeaseAddress, session.Epoch));
        Assert.Equal(session.Epoch, _test.Follower.Session.Epoch);
    }

    [Fact]
    public void All_followers_of_a_process_outlive_several_restarts()
    {
        SessionFollower[] followers = [.. Enumerable.Range(0, 20).Select(i => _test.Manager.CreateFollower($"server-{i}"))];
        ulong[] epochs = [.. followers.Select(follower => follower.CreateSession(TestFollower.Description).Epoch)];

        for (int i = 0; i < 3; i++)
        {
            _master.Stop();
            _master.StartAgain();
            ulong leadership = _master.Master.MasterEpoch;
            Eventually.IsTrue(
                () => followers.All(follower => follower.Session.MasterEpoch == leadership), "all renewed");
        }

        Assert.Equal(epochs, followers.Select(follower => follower.Session.Epoch));
        Assert.Equal(20, _master.Sessions.Length);
    }

    public void Dispose()
    {
        _test.Dispose();
        _master.Dispose();
    }
}
