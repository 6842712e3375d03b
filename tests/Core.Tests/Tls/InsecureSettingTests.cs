using System.Linq;
using Xunit;

namespace Interop.Sessions.Core.Tests.Tls;

public sealed class InsecureSettingTests
{
    private static readonly TextSetting<Peers> s_addresses = new()
    {
        Name = "endpoints",
        Description = "Whom.",
        Get = peers => string.Join(',', peers.Addresses),
    };

    [Theory]
    [InlineData(TlsRole.Client)]
    [InlineData(TlsRole.Server)]
    public void Without_TLS_it_must_be_said(TlsRole role)
    {
        Assert.Equal(
            "tls.ca_file must be given, for TLS, or insecure (loopback or anywhere), to do without", ProblemOf(role, new Peers("127.0.0.1:1")));
        Assert.Null(ProblemOf(role, new Peers("127.0.0.1:1") { Insecure = Insecure.Loopback }));
        Assert.Null(ProblemOf(role, new Peers("10.0.0.1:1") { Insecure = Insecure.Anywhere }));
        Assert.Null(ProblemOf(role, new Peers("10.0.0.1:1"), isTls: true));
    }

    [Fact]
    public void A_client_speaks_TLS_or_does_not_and_a_master_may_do_both()
    {
        Peers both = new("127.0.0.1:1") { Insecure = Insecure.Anywhere };
        Assert.Equal("insecure is anywhere, and TLS is spoken: one of the two must be left out", ProblemOf(TlsRole.Client, both, isTls: true));
        Assert.Null(ProblemOf(TlsRole.Server, both, isTls: true));
    }

    [Fact]
    public void A_Unix_socket_needs_neither()
    {
        Assert.Null(ProblemOf(TlsRole.Client, new Peers("unix:/run/a", "unix:/run/b")));
        Assert.Null(ProblemOf(TlsRole.Client, new Peers("unix:/run/a:7070", "127.0.0.1:1") { Insecure = Insecure.Loopback }));
        Assert.NotNull(ProblemOf(TlsRole.Client, new Peers("unix:/run/a", "127.0.0.1:1")));
        Assert.NotNull(ProblemOf(TlsRole.Client, new Peers()));
    }

    [Theory]
    [InlineData("10.0.0.1:7070")]
    [InlineData("0.0.0.0:7070")]
    [InlineData("[::]:7070")]
    public void Loopback_without_TLS_names_no_other_machine(string elsewhere)
    {
        Peers peers = new("127.0.0.1:1", elsewhere) { Insecure = Insecure.Loopback };
        string problem = $"endpoints has {elsewhere}, which is not of this machine, and insecure is loopback";
        Assert.Equal(problem, ProblemOf(TlsRole.Client, peers));
        Assert.Equal(problem, ProblemOf(TlsRole.Server, peers));
        Assert.Null(ProblemOf(TlsRole.Server, peers, isTls: true));
    }

    [Fact]
    public void A_name_is_looked_at_when_it_is_dialled() =>
        Assert.Null(ProblemOf(TlsRole.Client, new Peers("localhost:1", "m1.test:1") { Insecure = Insecure.Loopback }));

    [Theory]
    [InlineData("no", Insecure.No)]
    [InlineData("loopback", Insecure.Loopback)]
    [InlineData("anywhere", Insecure.Anywhere)]
    public void A_command_line_says_it_in_a_word(string word, Insecure meant)
    {
        Peers peers = new() { Insecure = Insecure.Anywhere };
        Row(TlsRole.Client).Take(peers, word);
        Assert.Equal((meant, word), (peers.Insecure, Row(TlsRole.Client).TextOf(peers)));
    }

    [Fact]
    public void Another_word_is_refused_with_those_that_there_are() => Assert.Equal(
        "--insecure is 'yes'; it must be one of no, loopback, anywhere",
        Assert.Throws<SessionException>(() => Row(TlsRole.Client).Take(new Peers(), "yes")).Message);

    private static string? ProblemOf(TlsRole role, Peers peers, bool isTls = false)
    {
        TextSetting<Peers> tls = new() { Name = "tls.ca_file", Description = "Whom to trust.", Get = _ => "" };
        return Rule(role).ProblemsOf(peers, Row(role), tls, isTls, Spelling.C).SingleOrDefault();
    }

    private static InsecureSetting<Peers> Rule(TlsRole role) => new(role, peers => peers.Insecure, (s_addresses, peers => peers.Addresses));

    private static TextSetting<Peers> Row(TlsRole role) =>
        Rule(role).Row("insecure", "--insecure", "masters", (peers, insecure) => peers.Insecure = insecure);

    private sealed class Peers(params string[] addresses)
    {
        public Peers()
            : this([])
        {
        }

        public string[] Addresses => addresses;

        public Insecure Insecure { get; set; }
    }
}
