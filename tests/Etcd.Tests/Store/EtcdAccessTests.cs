using System;
using System.Threading.Tasks;
using Authpb;
using dotnet_etcd;
using Etcdserverpb;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>Users, certificates, versions: what keeps a master out of an etcd.</summary>
public sealed class EtcdAccessTests : IDisposable
{
    private const string Prefix = "/guarded";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void With_users_only_who_has_the_password_and_the_permission_leads()
    {
        using EtcdCluster etcd = new();
        Guard(etcd, "good", "secret", Prefix + "/");
        EtcdOptions options = new() { Endpoints = etcd.Endpoints, Prefix = Prefix, Insecure = Insecure.Loopback };

        AssertRefused(options, "user name is empty");
        AssertRefused(options with { Username = "good", Password = "wrong" }, "authentication failed");
        AssertRefused(options with { Username = "good", Password = "secret", Prefix = "/elsewhere" }, "permission denied");

        using Contender leader = new(options with { Username = "good", Password = "secret" });
        leader.Lead();
        leader.Store.Commit([], 1);
    }

    [Fact]
    public async Task A_token_that_etcd_has_forgotten_is_asked_for_again()
    {
        using EtcdCluster etcd = new();
        Guard(etcd, "good", "secret", Prefix + "/");
        using Contender leader = new(
            new EtcdOptions { Endpoints = etcd.Endpoints, Prefix = Prefix, Username = "good", Password = "secret", Insecure = Insecure.Loopback });
        leader.Lead();
        // Simple tokens live in the member's memory.
        etcd.Nodes[0].Kill();
        etcd.Nodes[0].Start();
        etcd.AwaitHealth();
        leader.Store.Commit([new StoreChange.PutItem(1, "item", new byte[1], 1)], 1);
        await Eventually.IsTrueAsync(() => leader.MayAct, "renewed");
    }

    [Fact]
    public async Task With_certificates_both_sides_must_know_each_other()
    {
        TestCertificates known = new(_directory.Path);
        TestCertificates unknown = new(_directory.Path, "stranger");
        (string serverCert, string serverKey) = known.Issue("server");
        (string cert, string key) = known.Issue("client");
        (string strangeCert, string strangeKey) = unknown.Issue("strange-client");
        using EtcdCluster etcd = new(
            1, "--cert-file", serverCert, "--key-file", serverKey, "--client-cert-auth", "--trusted-ca-file", known.CaFile);
        TlsOptions tls = new() { CaFile = known.CaFile, CertFile = cert, KeyFile = key };
        EtcdOptions options = new() { Endpoints = etcd.Endpoints, Tls = tls };
        using Contender leader = new(options);
        await Eventually.IsTrueAsync(() => TryWin(leader), "led over TLS");
        leader.Leadership.GiveUp();

        AssertRefused(options with { Tls = tls with { CaFile = unknown.CaFile } }, etcd.Endpoints);
        AssertRefused(options with { Tls = tls with { CertFile = strangeCert, KeyFile = strangeKey } }, etcd.Endpoints);
        AssertRefused(options with { Tls = new TlsOptions { CaFile = known.CaFile } }, etcd.Endpoints);
        AssertRefused(options with { Tls = null }, etcd.Endpoints);
    }

    [Fact]
    public void A_certificate_file_that_cannot_be_read_is_named()
    {
        EtcdOptions options = new() { Endpoints = "127.0.0.1:1", Tls = new TlsOptions { CaFile = _directory.File("missing.pem") } };
        SessionException refusal = Assert.Throws<SessionException>(() => new EtcdConnection(options));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("ca_file", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("missing.pem", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.3.25")]
    [InlineData("2.3.8")]
    [InlineData("v3.3.27-k3s1")]
    public void An_etcd_that_is_too_old_is_refused_with_what_is_needed(string version)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => EtcdVersion.IsKnownToDo("etcd-1:2379", version));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("etcd-1:2379", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(version, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("3.4", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.4.0")]
    [InlineData("3.5.17")]
    [InlineData("3.6.0-rc.1")]
    [InlineData("4.0.0")]
    [InlineData("3.4.23")]
    [InlineData("v3.5.4-k3s1")]
    [InlineData("3.6.0+git")]
    [InlineData("3.5")]
    [InlineData(" 3.5.9 ")]
    public void A_newer_etcd_will_do(string version) => Assert.True(EtcdVersion.IsKnownToDo("etcd-1:2379", version));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("3")]
    public void A_version_that_nobody_can_read_keeps_nobody_out(string version) =>
        Assert.False(EtcdVersion.IsKnownToDo("etcd-1:2379", version));

    private static bool TryWin(Contender contender)
    {
        try
        {
            return contender.Leadership.TryWin();
        }
        catch (SessionException)
        {
            // It is still starting.
            return false;
        }
    }

    private static void AssertRefused(EtcdOptions options, string said)
    {
        using Contender contender = new(options);
        SessionException refusal = Assert.Throws<SessionException>(() => contender.Leadership.TryWin());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    private static void Guard(EtcdCluster etcd, string user, string password, string folder)
    {
        using EtcdClient client = new($"http://{etcd.Endpoints}", configureChannelOptions: channel =>
            channel.Credentials = Grpc.Core.ChannelCredentials.Insecure);
        client.UserAdd(new AuthUserAddRequest { Name = "root", Password = "root" });
        client.UserGrantRole(new AuthUserGrantRoleRequest { User = "root", Role = "root" });
        client.UserAdd(new AuthUserAddRequest { Name = user, Password = password });
        client.RoleAdd(new AuthRoleAddRequest { Name = "sessions" });
        client.RoleGrantPermission(new AuthRoleGrantPermissionRequest
        {
            Name = "sessions",
            Perm = new Permission
            {
                PermType = Permission.Types.Type.Readwrite,
                Key = Google.Protobuf.ByteString.CopyFromUtf8(folder),
                RangeEnd = EtcdKeys.EndOf(Google.Protobuf.ByteString.CopyFromUtf8(folder)),
            },
        });
        client.UserGrantRole(new AuthUserGrantRoleRequest { User = user, Role = "sessions" });
        client.AuthEnable(new AuthEnableRequest());
    }
}
