using System.Linq;
using Xunit;

namespace Interop.Sessions.Core.Tests.Tls;

public sealed class TlsSettingsTests
{
    private static readonly TlsOptions s_client = new() { CaFile = "ca.pem" };
    private static readonly TlsOptions s_server = new() { CertFile = "cert.pem", KeyFile = "key.pem" };

    [Fact]
    public void What_is_not_there_has_no_problems()
    {
        Assert.Null(ProblemOfClient(null));
        Assert.Null(ProblemOfServer(null));
    }

    [Fact]
    public void A_client_must_say_whom_it_trusts_and_a_server_who_it_is()
    {
        Assert.Null(ProblemOfClient(s_client));
        Assert.Equal("tls.ca_file must be given: it says whom to trust", ProblemOfClient(new TlsOptions()));
        Assert.Null(ProblemOfServer(s_server));
        Assert.Equal("tls.cert_file must be given: it says who this master is", ProblemOfServer(new TlsOptions { CaFile = "ca.pem" }));
    }

    [Fact]
    public void A_certificate_and_its_key_go_together()
    {
        const string Problem = "tls.cert_file and tls.key_file go together";
        Assert.Equal(Problem, ProblemOfClient(s_client with { CertFile = "cert.pem" }));
        Assert.Equal(Problem, ProblemOfClient(s_client with { KeyFile = "key.pem" }));
        Assert.Equal(Problem, ProblemOfServer(s_server with { KeyFile = "" }));
    }

    [Theory]
    [InlineData("1.2", true)]
    [InlineData("1.3", true)]
    [InlineData("1.1", false)]
    [InlineData("", false)]
    [InlineData("TLS1.3", false)]
    public void A_version_is_one_of_two(string version, bool isValid) => Assert.Equal(
        isValid ? null : $"tls.minimum_version is '{version}'; it must be 1.2 or 1.3",
        ProblemOfClient(s_client with { MinimumVersion = version }));

    [Theory]
    [InlineData("master.cluster", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("a b", false)]
    [InlineData("host:7070", false)]
    [InlineData("x/y", false)]
    public void A_servers_name_is_a_host(string name, bool isValid) => Assert.Equal(
        isValid ? null : $"tls.server_name '{name}' is no host name", ProblemOfClient(s_client with { ServerName = name }));

    [Fact]
    public void A_master_dials_nobody() => Assert.Equal(
        "tls.server_name is 'm'; a master must leave it empty: it dials nobody", ProblemOfServer(s_server with { ServerName = "m" }));

    [Theory]
    [InlineData(Limits.MaxCertificateWarningDays, null)]
    [InlineData(Limits.MaxCertificateWarningDays + 1, "tls.warning_days is 3651; it must be at most 3650")]
    public void Days_of_warning_are_limited(uint days, string? problem) =>
        Assert.Equal(problem, ProblemOfClient(s_client with { WarningDays = days }));

    [Fact]
    public void A_path_has_no_end_in_its_middle() =>
        Assert.Equal("tls.ca_file contains a NUL character", ProblemOfClient(new TlsOptions { CaFile = "a\0b" }));

    [Fact]
    public void A_command_line_makes_the_options_with_the_first_flag()
    {
        Holder made = new();
        TlsSettings<Holder> settings = new(TlsRole.Client, "--etcd-", holder => holder.Tls, holder => holder.Tls ??= new TlsOptions(), "etcd.tls");
        Assert.Equal(
            ["--etcd-ca-file", "--etcd-cert-file", "--etcd-key-file", "--etcd-server-name", "--etcd-minimum-version", "--etcd-warning-days"],
            settings.All.Select(setting => setting.Flag));
        settings.All.Single(setting => setting.Flag == "--etcd-server-name").Take(made, "m1");
        settings.All.Single(setting => setting.Flag == "--etcd-warning-days").Take(made, "30");
        Assert.Equal(new TlsOptions { ServerName = "m1", WarningDays = 30 }, made.Tls);
        Assert.Equal("--etcd-ca-file must be given: it says whom to trust", settings.ProblemsOf(made, Spelling.CommandLine).Single());
    }

    private static string? ProblemOfClient(TlsOptions? tls) => ProblemOf(TlsRole.Client, tls);

    private static string? ProblemOfServer(TlsOptions? tls) => ProblemOf(TlsRole.Server, tls);

    private static string? ProblemOf(TlsRole role, TlsOptions? tls) =>
        new TlsSettings<Holder>(role, "", holder => holder.Tls, null).ProblemsOf(new Holder { Tls = tls }, Spelling.C).SingleOrDefault();

    private sealed class Holder
    {
        public TlsOptions? Tls { get; set; }
    }
}
