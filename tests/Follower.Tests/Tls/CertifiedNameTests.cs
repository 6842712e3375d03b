using System;
using System.IO;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Tls;

/// <summary>A certificate's name is what rules know a follower by.</summary>
public sealed class CertifiedNameTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestTls _tls;

    public CertifiedNameTests() => _tls = new TestTls(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_identity_is_that_of_its_certificates_name_and_of_no_other_though_nobody_holds_it()
    {
        using RunningMaster master = Start("allow *.cluster hold {name}\n");
        using (TestFollower own = Follower(master, "cs1", "cs1.cluster"))
        {
            own.CreateAndRenew();
        }

        using TestFollower other = Follower(master, "cs2", "cs1.cluster");
        Assert.Equal(
            "'cs2.cluster' (certificate) may not hold 'cs1.cluster': the rule of line 1 gives it 'cs2.cluster'",
            other.CreateFails(SessionStatus.PermissionDenied).Message);
    }

    [Fact]
    public void A_client_without_TLS_where_that_is_served_too_has_no_name()
    {
        using RunningMaster master = Start("allow *.cluster hold {name}\nallow - hold old/\n");
        using TestFollower old = new(new FollowerManagerOptions { Endpoints = [master.Address] }, identity: "old/1");
        old.CreateAndRenew();
        using TestFollower thief = new(new FollowerManagerOptions { Endpoints = [master.Address] }, identity: "cs1.cluster");
        Assert.Contains(
            "has shown no name", thief.CreateFails(SessionStatus.Unauthenticated).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_URI_is_the_name_of_a_certificate_without_a_DNS_name()
    {
        using RunningMaster master = Start("allow spiffe://cluster/cs-* hold cs/\nallow *cs-2 hold own/{name}\n");
        using (TestFollower own = Follower(master, "uri1", "cs/1", "spiffe://cluster/cs-1"))
        {
            own.CreateAndRenew();
        }

        using TestFollower other = Follower(master, "uri2", "cs/1", "spiffe://cluster/meta");
        Assert.Equal(
            "'spiffe://cluster/meta' (certificate) may not hold 'cs/1': no rule gives it that right",
            other.CreateFails(SessionStatus.PermissionDenied).Message);
        using TestFollower slash = Follower(master, "uri3", "own/spiffe://cluster/cs-2", "spiffe://cluster/cs-2");
        slash.CreateFails(SessionStatus.PermissionDenied);
    }

    private RunningMaster Start(string rules)
    {
        File.WriteAllText(_directory.File("rules"), rules);
        return new RunningMaster(new History(), options =>
        {
            options.Tls = _tls.MutualMaster;
            options.Insecure = Insecure.Loopback;
            options.AuthorizationFile = _directory.File("rules");
            options.MaxTermMs = 10_000;
            options.TermMs = 10_000;
        });
    }

    private TestFollower Follower(RunningMaster master, string name, string identity, string? uri = null) => new(
        new FollowerManagerOptions { Endpoints = [master.Address], Tls = _tls.Client(name, uri: uri) }, identity: identity);
}
