using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Tls;

/// <summary>Who is let in over TLS, who is not, and what he is told.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestTls _tls;
    private readonly History _history = new();

    public TlsTests() => _tls = new TestTls(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_session_is_made_and_renewed()
    {
        using RunningMaster master = Start(_tls.Master);
        using TestFollower follower = Follower(master, _tls.Stranger);
        follower.CreateAndRenew();
        Assert.Equal(SessionState.Alive, follower.State);
    }

    [Fact]
    public void A_client_that_shows_its_certificate_is_served_by_a_master_that_asks_for_one()
    {
        using RunningMaster master = Start(_tls.MutualMaster);
        using TestFollower follower = Follower(master, _tls.Client());
        follower.CreateAndRenew();
        Assert.Equal(SessionState.Alive, follower.State);
    }

    [Fact]
    public void A_client_without_a_certificate_is_told_that_it_needs_one()
    {
        using RunningMaster master = Start(_tls.MutualMaster);
        using TestFollower follower = Follower(master, _tls.Stranger);
        Assert.Contains("set cert_file and key_file", Refused(follower), StringComparison.Ordinal);
        Assert.Empty(master.Sessions);
    }

    [Fact]
    public void A_client_of_another_authority_is_told_so()
    {
        using RunningMaster master = Start(_tls.MutualMaster);
        TestTls other = new(_directory.Path, "other");
        using TestFollower follower = Follower(master, other.Client("intruder") with { CaFile = _tls.CaFile });
        Assert.Matches("CN=intruder is not trusted: .*(UntrustedRoot|PartialChain)", Refused(follower));
        Assert.Empty(master.Sessions);
    }

    [Fact]
    public void A_client_whose_certificate_has_ended_is_told_so()
    {
        using RunningMaster master = Start(_tls.MutualMaster);
        using TestFollower follower = Follower(master, _tls.Client(ends: DateTimeOffset.UtcNow.AddMinutes(-1)));
        Assert.Contains("NotTimeValid", Refused(follower), StringComparison.Ordinal);
    }

    [Fact]
    public void A_master_of_another_authority_gets_nothing_from_a_client()
    {
        using RunningMaster master = Start(_tls.Master);
        TestTls other = new(_directory.Path, "other");
        using TestFollower follower = Follower(master, other.Stranger);
        Assert.Contains("127.0.0.1 is not trusted", Refused(follower), StringComparison.Ordinal);
        Assert.Empty(master.Sessions);
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("authority-master.cluster", true)]
    public void A_masters_certificate_must_have_the_name_that_the_client_expects(string name, bool isItsOwn)
    {
        using RunningMaster master = Start(_tls.Master);
        using TestFollower follower = Follower(master, _tls.Stranger with { ServerName = name });
        if (isItsOwn)
        {
            follower.Create();
        }
        else
        {
            Assert.Contains("RemoteCertificateNameMismatch", Refused(follower), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_client_without_TLS_is_told_that_the_master_speaks_it()
    {
        using RunningMaster master = Start(_tls.Master);
        using TestFollower follower = Follower(master, null);
        Assert.Contains("this master speaks TLS", Refused(follower), StringComparison.Ordinal);
    }

    [Fact]
    public void A_master_without_TLS_gets_nothing_from_a_client_that_speaks_it()
    {
        using RunningMaster master = new(_history);
        using TestFollower follower = Follower(master, _tls.Stranger);
        Refused(follower);
        Assert.Empty(master.Sessions);
    }

    [Fact]
    public void A_secret_is_shown_to_a_leader_that_is_only_named_once_its_certificate_is_verified()
    {
        using RunningMaster leader = Start(_tls.MutualMaster);
        using RunningMaster standby = Start(_tls.MutualMaster);
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(false, leader.Address);
        Eventually.IsTrue(() => !standby.Master.Leads, "standby");
        using TestFollower former = Follower(leader, _tls.Client());
        SessionInfo session = former.CreateAndRenew();
        using TestFollower restarted = Follower(standby, _tls.Client());

        Assert.Equal(session.Epoch, restarted.Follower.ReattachSession(session.SessionId, session.Secret).Epoch);
    }

    [Fact]
    public void Both_are_served_while_clients_are_changed_over()
    {
        using RunningMaster master = Start(_tls.MutualMaster, Insecure.Loopback);
        using TestFollower insecure = Follower(master, null);
        using TestFollower secure = Follower(master, _tls.Client(), "cs2");
        insecure.CreateAndRenew();
        secure.CreateAndRenew();
        Assert.Equal((SessionState.Alive, SessionState.Alive), (insecure.State, secure.State));
    }

    [Fact]
    public void A_master_without_TLS_must_be_told_so()
    {
        SessionException refused = Assert.Throws<SessionException>(
            () => SessionMaster.Start(
                new SessionMasterOptions { ListenAddress = "127.0.0.1:0", StorePath = _directory.File("s.db"), CreateStore = true },
                new AccessManager(), NullLoggerFactory.Instance));
        Assert.Equal(SessionStatus.InvalidArgument, refused.Status);
        Assert.Contains("insecure", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever answers there may be anybody: nothing is said to it.</summary>
    [Fact]
    public void A_name_that_leads_to_another_machine_is_not_spoken_to_where_insecure_is_loopback()
    {
        IPAddress? outside = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(address => !Insecure.Loopback.Allows(address));
        Assert.SkipWhen(outside == null, "this machine has loopback addresses alone");
        using RunningMaster master = new(_history, options =>
        {
            options.ListenAddress = $"{outside}:0";
            options.Insecure = Insecure.Anywhere;
        });
        FollowerManagerOptions options = new()
        {
            Endpoints = [$"master.test:{master.Port}"],
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([outside!]),
        };

        using TestFollower near = new(options with { Insecure = Insecure.Loopback });
        Assert.Contains("insecure is loopback", Refused(near), StringComparison.Ordinal);
        Assert.Empty(master.Sessions);

        using TestFollower anywhere = new(options with { Insecure = Insecure.Anywhere }, identity: "cs2");
        anywhere.CreateAndRenew();
    }

    [Fact]
    public void Another_master_is_asked_where_one_is_not_trusted()
    {
        TestTls other = new(_directory.Path, "other");
        using RunningMaster strange = new(_history, options => options.Tls = other.Master);
        using RunningMaster master = Start(_tls.Master);
        using TestFollower follower = new(new FollowerManagerOptions { Endpoints = [strange.Address, master.Address], Tls = _tls.Stranger });
        follower.CreateAndRenew();
        Assert.Equal((1, 0), (master.Sessions.Length, strange.Sessions.Length));
    }

    private static string Refused(TestFollower follower) => follower.CreateFails(SessionStatus.Unauthenticated).Message;

    private static TestFollower Follower(RunningMaster master, TlsOptions? tls, string identity = TestFollower.Identity) =>
        new(new FollowerManagerOptions { Endpoints = [master.Address], Tls = tls }, identity: identity);

    private RunningMaster Start(TlsOptions tls, Insecure insecure = Insecure.No) => new(_history, options =>
    {
        options.Tls = tls;
        options.Insecure = insecure;
    });
}
