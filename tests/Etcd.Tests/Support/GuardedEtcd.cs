using System;
using System.IO;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Authpb;
using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Etcd.Tests.Support;

/// <summary>An etcd with users, and its root.</summary>
internal sealed class GuardedEtcd : IDisposable
{
    internal const string Prefix = "/guarded";
    internal const string User = "good";
    internal const string Password = "secret";

    private readonly EtcdClient _root;

    /// <param name="more">More arguments, as of tokens; the file of the authority before them if they ask for TLS.</param>
    internal GuardedEtcd(params string[] more)
    {
        string? authority = null;
        if (more is [var first, ..] && !first.StartsWith('-'))
        {
            (authority, more) = (first, more[1..]);
        }

        // A cheap hash: nobody attacks it.
        Cluster = new EtcdCluster(1, [.. more, "--bcrypt-cost", "4"]);
        _root = ClientTo(Cluster, authority);
        _root.UserAdd(new AuthUserAddRequest { Name = "root", Password = "root" });
        _root.UserGrantRole(new AuthUserGrantRoleRequest { User = "root", Role = "root" });
        _root.UserAdd(new AuthUserAddRequest { Name = User, Password = Password });
        _root.RoleAdd(new AuthRoleAddRequest { Name = "sessions" });
        ByteString folder = ByteString.CopyFromUtf8(Prefix + "/");
        _root.RoleGrantPermission(new AuthRoleGrantPermissionRequest
        {
            Name = "sessions",
            Perm = new Permission
            {
                PermType = Permission.Types.Type.Readwrite,
                Key = folder,
                RangeEnd = EtcdKeys.EndOf(folder),
            },
        });
        _root.UserGrantRole(new AuthUserGrantRoleRequest { User = User, Role = "sessions" });
        SwitchOn();
    }

    internal EtcdCluster Cluster { get; }

    internal EtcdOptions Options => new()
    {
        Insecure = Insecure.Loopback,
        Endpoints = Cluster.Endpoints,
        Prefix = Prefix,
        Username = User,
        Password = Password,
        LeaderTermMs = Limits.MinLeaderTermMs,
    };

    /// <summary>Keys for --auth-token, as etcd's guide makes them with openssl.</summary>
    internal static string[] SignedTokens(string directory)
    {
        using RSA key = RSA.Create(2048);
        string privateFile = Path.Combine(directory, "jwt.key");
        string publicFile = Path.Combine(directory, "jwt.pub");
        File.WriteAllText(privateFile, key.ExportRSAPrivateKeyPem());
        File.WriteAllText(publicFile, key.ExportSubjectPublicKeyInfoPem());
        return ["--auth-token", $"jwt,pub-key={publicFile},priv-key={privateFile},sign-method=RS256,ttl=5m"];
    }

    internal void SwitchOn() => _root.AuthEnable(new AuthEnableRequest());

    internal void SwitchOff() => AsRoot(headers => _root.AuthDisable(new AuthDisableRequest(), headers));

    internal void AddUser(string name) =>
        AsRoot(headers => _root.UserAdd(new AuthUserAddRequest { Name = name, Password = "x" }, headers));

    /// <summary>Also with the same password: etcd forgets the user's simple tokens.</summary>
    internal void ChangePassword(string password) => AsRoot(headers => _root.UserChangePassword(
        new AuthUserChangePasswordRequest { Name = User, Password = password }, headers));

    /// <summary>How often it was asked for a token.</summary>
    internal async Task<int> AuthenticationsAsync()
    {
        using HttpClient client = new();
        string metrics = await client.GetStringAsync(new Uri($"http://{Cluster.Endpoints}/metrics"));
        return int.Parse(
            Regex.Match(metrics, """grpc_server_started_total\{grpc_method="Authenticate",[^}]*\} (\d+)""").Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _root.Dispose();
        Cluster.Dispose();
    }

    private static EtcdClient ClientTo(EtcdCluster cluster, string? authority)
    {
        if (authority == null)
        {
            return new EtcdClient(
                $"http://{cluster.Endpoints}",
                configureChannelOptions: channel => channel.Credentials = ChannelCredentials.Insecure);
        }

        System.Net.Security.SslClientAuthenticationOptions tls = new()
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
        EtcdClient client = new(Grpc.Net.Client.GrpcChannel.ForAddress(
            $"https://{cluster.Endpoints}",
            new Grpc.Net.Client.GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { SslOptions = tls } }).CreateCallInvoker());
        // With TLS nobody else asks whether it is up.
        Eventually.IsTrueAsync(
            () => Xunit.Record.Exception(() => client.Status(new StatusRequest())) == null, "up").GetAwaiter().GetResult();
        return client;
    }

    // Root's own token is forgotten by the same changes.
    private void AsRoot<T>(Func<Metadata, T> request) => request(new Metadata
    {
        { "token", _root.Authenticate(new AuthenticateRequest { Name = "root", Password = "root" }).Token },
    });
}
