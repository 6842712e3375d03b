using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Tls;

/// <summary>Certificates and their authority are replaced under sessions that live on; clients are changed over to TLS.</summary>
public sealed class RotationTests : IDisposable
{
    /// <summary>Longer than a master takes to start again.</summary>
    private const uint TermMs = 5000;

    private readonly TemporaryDirectory _directory = new();
    private readonly TestTls _tls;
    private readonly History _history = new();

    public RotationTests() => _tls = new TestTls(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_authority_is_replaced_and_no_session_hears_of_it()
    {
        using RunningMaster master = new(_history, options => options.Tls = _tls.MutualMaster);
        using TestFollower follower = new(new FollowerManagerOptions { Endpoints = [master.Address], Tls = _tls.Client() });
        SessionInfo session = follower.CreateAndRenew();

        _tls.Rotate(["cs1"], () => BothHaveRead(follower, 1));
        BothHaveRead(follower, 2);

        // Whoever comes new knows the new authority alone.
        TlsOptions next = _tls.Client("cs2") with { CaFile = _directory.File("next.pem") };
        using TestFollower second = new(new FollowerManagerOptions { Endpoints = [master.Address], Tls = next }, identity: "cs2");
        second.CreateAndRenew();
        follower.BecomesRenewed();
        Assert.Equal((session.Epoch, SessionState.Alive), (follower.Follower.Session.Epoch, follower.State));
        Assert.DoesNotContain(follower.Told, what => what.Contains("JEOPARDY", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_cluster_is_changed_over_to_TLS_and_no_session_ends()
    {
        using RunningMaster master = new(_history, options => (options.TermMs, options.MaxTermMs) = (TermMs, TermMs));
        using TestFollower insecure = new(master.Address);
        SessionInfo first = insecure.CreateAndRenew();

        master.Stop();
        master.StartAgain(options => options with { Tls = _tls.MutualMaster, Insecure = Insecure.Loopback });
        insecure.BecomesRenewed();

        // The server is started again with TLS, and re-attaches.
        using TestFollower secure = new(new FollowerManagerOptions { Endpoints = [master.Address], Tls = _tls.Client() });
        SessionInfo second = await secure.Follower.ReattachSessionAsync(first.SessionId, first.Secret);
        Assert.Equal(first.Epoch, second.Epoch);

        master.Stop();
        master.StartAgain(options => options with { Tls = _tls.MutualMaster });
        secure.BecomesRenewed();
        Assert.Equal((first.Epoch, SessionState.Alive), (secure.Follower.Session.Epoch, secure.State));
        Assert.Single(master.Sessions);
    }

    private void BothHaveRead(TestFollower follower, int times) => Eventually.IsTrue(
        () => _history.Logged.Count(line => line.Id == 1089) >= times && follower.Heard.Logged.Count(line => line.Id == 2015) >= times,
        () => $"new files read {times} times by both");
}
