using System;
using System.Text;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>Items that a follower's create brings.</summary>
public sealed class ItemsOfCreateTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());

    public void Dispose() => _master.Dispose();

    [Fact]
    public void The_session_has_them_when_it_is_alive_and_again_when_it_is_created_again()
    {
        using TestFollower test = new(
            new FollowerManagerOptions { Endpoints = [_master.Address] }, recreate: RecreatePolicy.AfterLoss);
        byte[] value = "r1"u8.ToArray();
        SessionInfo session = test.Follower.CreateSession(new ServerDescription { Items = [new("rack", value)] });
        AssertHasRack(session);
        test.Follower.RemoveItem(session.Epoch, "rack");
        // The host's own by now.
        value[0] = 0;

        _master.Master.RevokeSession(session.SessionId, session.Epoch, "test");
        Eventually.IsTrue(
            () => test.Follower.Session is { State: SessionState.Alive } next && next.Epoch > session.Epoch, "created again");

        AssertHasRack(test.Follower.Session);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_before_a_master_is_asked()
    {
        using TestFollower test = new("127.0.0.1:1");

        SessionException refusal = Assert.Throws<SessionException>(() => test.Follower.CreateSession(
            new ServerDescription { Items = [new("rack", default), new("rack", default)] }, timeoutMs: 60_000));

        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("items[1]: key 'rack'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_master_refuses_the_host_hears_at_once_and_nothing_is_left()
    {
        using TestFollower test = new(_master.Address);

        SessionException refusal = Assert.Throws<SessionException>(() => test.Follower.CreateSession(
            new ServerDescription { Items = [new("$rack", default)] }, timeoutMs: 60_000));

        Assert.Equal(SessionStatus.ReservedKey, refusal.Status);
        Assert.Empty(_master.Sessions);
        Assert.Equal(SessionState.Alive, test.Create().State);
    }

    private void AssertHasRack(SessionInfo session)
    {
        Item item = Assert.Single(_master.Master.ListItems(session.SessionId, ""));
        Assert.Equal(
            ("rack", "r1", session.Epoch), (item.Key, Encoding.UTF8.GetString(item.Value.Span), item.Revision));
    }
}
