using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Etcdserverpb;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>Certificates and keys in the forms in which people have them, and as they change while a master runs.</summary>
public sealed class EtcdCredentialsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestCertificates _authority;
    private readonly string _serverCert;
    private readonly string _serverKey;

    public EtcdCredentialsTests()
    {
        _authority = new TestCertificates(_directory.Path);
        (_serverCert, _serverKey) = _authority.Issue("server");
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(KeyForm.Pkcs8, false, false)]
    [InlineData(KeyForm.Pkcs8, true, true)]
    [InlineData(KeyForm.Ec, false, true)]
    [InlineData(KeyForm.EcWithParameters, true, false)]
    [InlineData(KeyForm.RsaPkcs1, true, false)]
    [InlineData(KeyForm.RsaPkcs8, false, true)]
    public void A_certificate_is_shown_with_its_chain_whatever_the_form_of_its_key(KeyForm form, bool hasChain, bool hasCrLf)
    {
        (string cert, string key) = _authority.Issue("client", form, hasChain: hasChain);
        if (hasCrLf)
        {
            ToCrLf(cert);
            ToCrLf(key);
        }

        using EtcdCluster etcd = Start();
        using EtcdConnection connection = new(Options(etcd, cert, key));
        AssertAnswers(connection);
    }

    [Fact]
    public void Any_authority_of_a_bundle_will_do()
    {
        (string cert, string key) = _authority.Issue("client");
        TestCertificates other = new(_directory.Path, "other");
        string bundle = _directory.File("bundle.pem");
        File.WriteAllText(bundle, File.ReadAllText(other.CaFile) + "\n" + File.ReadAllText(_authority.CaFile));
        using EtcdCluster etcd = Start();
        using EtcdConnection connection = new(Options(etcd, cert, key, bundle));
        AssertAnswers(connection);
    }

    [Fact]
    public async Task A_certificate_that_was_replaced_is_shown_at_the_next_dial()
    {
        (string cert, string key) = _authority.Issue("client", ends: DateTimeOffset.UtcNow.AddSeconds(6));
        using EtcdCluster etcd = Start();
        using EtcdConnection connection = new(Options(etcd, cert, key));
        AssertAnswers(connection);
        etcd.Nodes[0].Kill();
        await Eventually.IsTrueAsync(
            () => System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(cert).NotAfter < DateTime.Now, "over");
        etcd.Nodes[0].Start();
        await Eventually.IsTrueAsync(
            () => Record.Exception(() => Get(connection)) is SessionException failure &&
                failure.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase),
            "refused, with what TLS said");

        _authority.Issue("client");

        await Eventually.IsTrueAsync(() => Record.Exception(() => Get(connection)) == null, "let in with the new one");
    }

    [Fact]
    public async Task Files_that_do_not_fit_each_other_just_now_leave_the_former_ones()
    {
        (string cert, string key) = _authority.Issue("client");
        RecordedLog log = new();
        using EtcdCluster etcd = Start();
        using EtcdConnection connection = new(Options(etcd, cert, key), log);
        AssertAnswers(connection);
        (string other, _) = _authority.Issue("other");
        File.Copy(other, cert, overwrite: true);
        etcd.Nodes[0].Kill();
        etcd.Nodes[0].Start();
        await Eventually.IsTrueAsync(() => Record.Exception(() => Get(connection)) == null, "let in");
        await Eventually.IsTrueAsync(() => log.Of(1042).Any(), "told of");
        Assert.Contains(cert, Assert.Single(log.Of(1042)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_TLS_has_against_a_member_is_told()
    {
        (string cert, string key) = _authority.Issue("client");
        TestCertificates stranger = new(_directory.Path, "stranger");
        using EtcdCluster etcd = Start();
        AssertAnswers(new EtcdConnection(Options(etcd, cert, key)));
        using EtcdConnection mistaken = new(Options(etcd, cert, key, stranger.CaFile));
        SessionException failure = Assert.Throws<SessionException>(() => Get(mistaken));
        Assert.True(failure.IsPassing);
        Assert.Contains("remote certificate", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("see inner exception", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_warned_of_once()
    {
        (string ending, string endingKey) = _authority.Issue("ending", ends: DateTimeOffset.UtcNow.AddMinutes(10));
        (string lasting, string lastingKey) = _authority.Issue("lasting");
        RecordedLog log = new();
        using EtcdCluster etcd = Start();
        using EtcdConnection first = new(Options(etcd, ending, endingKey), log);
        AssertAnswers(first);
        await Eventually.IsTrueAsync(() => log.Of(1041).Any(), "warned of");
        Assert.Contains(ending, Assert.Single(log.Of(1041)), StringComparison.Ordinal);
        RecordedLog quiet = new();
        using EtcdConnection second = new(Options(etcd, lasting, lastingKey), quiet);
        AssertAnswers(second);
        Assert.Empty(quiet.Of(1041));
    }

    [Fact]
    public void A_file_of_authorities_without_any_is_refused_at_once()
    {
        string empty = _directory.File("empty.pem");
        File.WriteAllText(empty, "nothing");
        SessionException refusal = Assert.Throws<SessionException>(
            () => new EtcdConnection(new EtcdOptions { Endpoints = "127.0.0.1:1", Tls = new TlsOptions { CaFile = empty } }));
        Assert.Equal((SessionStatus.InvalidArgument, false), (refusal.Status, refusal.IsPassing));
        Assert.Contains("no certificate", refusal.Message, StringComparison.Ordinal);
    }

    private static void ToCrLf(string path) =>
        File.WriteAllText(path, File.ReadAllText(path).ReplaceLineEndings("\r\n"));

    private static void AssertAnswers(EtcdConnection connection)
    {
        // It may still be starting.
        Eventually.IsTrueAsync(() => Record.Exception(() => Get(connection)) == null, "an answer").GetAwaiter().GetResult();
    }

    private static void Get(EtcdConnection connection) => connection.Ask(
        (client, headers, cancellation) => client.Get(
            new RangeRequest { Key = connection.Keys.State }, headers, null, cancellation),
        20_000, default);

    private EtcdCluster Start() => new(
        1, "--cert-file", _serverCert, "--key-file", _serverKey, "--client-cert-auth", "--trusted-ca-file", _authority.CaFile);

    private EtcdOptions Options(EtcdCluster etcd, string cert, string key, string? authorities = null) => new()
    {
        Endpoints = etcd.Endpoints,
        Tls = new TlsOptions { CaFile = authorities ?? _authority.CaFile, CertFile = cert, KeyFile = key },
    };
}
