using System;
using System.IO;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>A follower of a master on its own machine, by the file of that master's Unix socket.</summary>
public sealed class UnixEndpointTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string SocketPath => _directory.File("master.sock");

    private string Endpoint => $"unix:{SocketPath}";

    [Fact]
    public void It_has_the_name_of_its_user_and_needs_neither_TLS_nor_insecure()
    {
        File.WriteAllText(_directory.File("rules"), $"allow {OwnUser.Name} hold cs/1\n");
        using RunningMaster master = Start(options => options.AuthorizationFile = _directory.File("rules"));
        using (TestFollower own = Follower("cs/1"))
        {
            own.CreateAndRenew();
            Assert.Equal(Endpoint, own.Manager.Statistics.Endpoint);
        }

        using TestFollower other = Follower("cs/2");
        Assert.Equal(
            $"'{OwnUser.Name}' (Unix socket) may not hold 'cs/2': the rule of line 1 gives it 'cs/1'",
            other.CreateFails(SessionStatus.PermissionDenied).Message);
    }

    [Fact]
    public void A_restarted_process_takes_its_session_up_over_it()
    {
        using RunningMaster master = Start();
        using TestFollower former = Follower();
        SessionInfo session = former.Create();
        ulong revision = former.Follower.SetItem(session.Epoch, "rack", "r1"u8.ToArray());

        using TestFollower newest = Follower();
        SessionInfo taken = newest.Follower.ReattachSession(session.SessionId, session.Secret);

        Assert.Equal((session.SessionId, session.Epoch), (taken.SessionId, taken.Epoch));
        Assert.Equal(revision, newest.Follower.GetItem(taken.Epoch, "rack").Revision);
        newest.BecomesRenewed();
    }

    [Fact]
    public void A_session_outlives_its_master_there()
    {
        using RunningMaster master = Start(options => options.MaxTermMs = options.TermMs = 10_000);
        using TestFollower follower = Follower();
        SessionInfo session = follower.CreateAndRenew();
        master.Stop();
        Assert.False(File.Exists(SocketPath));
        master.StartAgain();
        follower.BecomesRenewed();
        Assert.Equal(session.Epoch, follower.Follower.Session.Epoch);
    }

    [Fact]
    public void A_hint_that_is_heard_over_it_is_followed_to_this_machine_where_insecure_allows_that()
    {
        using RunningMaster leader = new(new History());
        using RunningMaster standby = Start();
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(false, leader.Address);
        Eventually.IsTrue(() => !standby.Master.Leads, "a standby");

        using TestFollower follower = new(new FollowerManagerOptions { Endpoints = [Endpoint], Insecure = Insecure.Loopback });
        follower.CreateAndRenew();
        Assert.Single(leader.Sessions);

        using TestFollower strict = Follower("cs2");
        Assert.Contains(
            "no TLS is set up for it, and insecure is no", strict.CreateFails(2000).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_that_is_not_there_is_named()
    {
        using TestFollower follower = Follower();
        Assert.Contains(Endpoint["unix:".Length..], follower.CreateFails(SessionStatus.NoMaster, 1000).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_that_makes_no_sense_is_refused()
    {
        Assert.Equal(
            "endpoints[0] 'unix:master.sock' is no endpoint: its path must begin with '/' and name a file",
            Assert.Throws<SessionException>(() => new FollowerManagerOptions { Endpoints = ["unix:master.sock"] }.Validate()).Message);
        using TestFollower follower = Follower();
        Assert.Equal(
            SessionStatus.InvalidArgument,
            Assert.Throws<SessionException>(() => follower.Manager.SetEndpoints([Endpoint, "127.0.0.1:7070"])).Status);
        follower.Manager.SetEndpoints([Endpoint, Endpoint + "2"]);
    }

    private RunningMaster Start(Action<SessionMasterOptions>? configure = null) => new(new History(), options =>
    {
        options.UnixSocket = SocketPath;
        configure?.Invoke(options);
    });

    private TestFollower Follower(string identity = TestFollower.Identity) => new(
        new FollowerManagerOptions { Endpoints = [Endpoint] }, identity: identity);
}
