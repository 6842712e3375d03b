using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>Every verb, asked of a real session-master by whoever there is, however he shows who he is, at each of its doors.</summary>
public sealed class EveryCallerTests(EveryCallerTests.Master master) : IClassFixture<EveryCallerTests.Master>
{
    public static TheoryData<string> Verbs => [.. EveryVerb.Names];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_is_allowed_to_those_whom_a_rule_gives_it_whatever_shows_their_name(string verb)
    {
        bool isAdministration = verb.StartsWith("Administration.", StringComparison.Ordinal);
        EveryVerb.Target? target = null;
        foreach (Caller caller in master.Callers)
        {
            target ??= await EveryVerb.MakeAsync(master.Holder);
            SessionStatus status = await MasterClient.StatusOf(() => EveryVerb.CallAsync(verb, caller.Client, target));
            bool isServed = caller.Door == Door.Socket || (caller.Door == Door.Administration) == isAdministration;
            SessionStatus expected = isServed ? Answer(verb, caller.Name)
                // Over TLS with authorities nobody comes as far as a door without a certificate.
                : caller.Shown == Master.NoCertificate ? SessionStatus.Unauthenticated
                : SessionStatus.PermissionDenied;
            Assert.Equal((caller, expected), (caller, status));
            if (status == SessionStatus.Ok)
            {
                target = null;
            }
            else
            {
                await EveryVerb.AssertUntouchedAsync(master.Holder, target);
            }
        }
    }

    [Fact]
    public void Each_name_comes_by_token_and_by_certificate_to_both_addresses_and_by_its_user_to_the_socket()
    {
        string[] there = [.. master.Callers.Select(caller => $"{caller.Name} by {caller.Shown} at {caller.Door}")];
        foreach (string name in WhoMay.Names)
        {
            foreach (Door door in (Door[])[Door.Main, Door.Administration])
            {
                Assert.Contains($"{name} by token at {door}", there);
                Assert.Contains($"{name} by certificate at {door}", there);
            }

            if (OwnUser.Id == 0)
            {
                Assert.Contains($"{name} by user at {Door.Socket}", there);
            }
        }

        Assert.Equal(4, there.Count(caller => caller.StartsWith(" by ", StringComparison.Ordinal)));
    }

    /// <summary>session-master has no host that takes a report: it hears so who may report.</summary>
    private static SessionStatus Answer(string verb, string name) => WhoMay.Answer(verb, name) switch
    {
        SessionStatus.Ok when verb == "Sessions.ReportData" => SessionStatus.ReportRefused,
        var answer => answer,
    };

    /// <summary>Where a master is asked.</summary>
    internal enum Door
    {
        Main,
        Administration,
        Socket,
    }

    /// <param name="Name">Who it is; "" has none.</param>
    /// <param name="Shown">By what.</param>
    /// <param name="Door">Where it asks.</param>
    /// <param name="Client">That asks.</param>
    internal sealed record Caller(string Name, string Shown, Door Door, MasterClient Client)
    {
        public override string ToString() => $"{Name} by {Shown} at {Door}";
    }

    /// <summary>One master with one file of rules: TLS and insecure, administration apart, a Unix socket.</summary>
    public sealed class Master : IAsyncLifetime
    {
        internal const string NoCertificate = "no certificate";

        private const uint FirstUser = 64_001;

        /// <summary>Who may connect over the Unix socket at all, whoever runs this.</summary>
        private const string OwnName = "watcher";

        private readonly TemporaryDirectory _directory = new();
        private readonly List<Caller> _callers = [];
        private DaemonProcess? _daemon;

        internal IReadOnlyList<Caller> Callers => _callers;

        /// <summary>Whose sessions are asked about.</summary>
        internal MasterClient Holder => _callers.First(caller => caller.Name == "cs1").Client;

        private string SocketPath => _directory.File("master.sock");

        public async ValueTask InitializeAsync()
        {
            TestTls tls = new(_directory.Path);
            Dictionary<string, uint> users = WhoMay.Names.Index().ToDictionary(each => each.Item, each => FirstUser + (uint)each.Index);
            IEnumerable<string> ofUsers = users.SelectMany(user => WhoMay.RulesAs(user.Key, $"uid:{user.Value}"));
            File.WriteAllLines(_directory.File("rules"), [WhoMay.Rules, .. ofUsers, .. WhoMay.RulesAs(OwnName, OwnUser.Name)]);
            File.WriteAllLines(_directory.File("tokens"), WhoMay.Names.Select(GuardedMaster.LineOf));
            _daemon = await DaemonProcess.StartAsync(
                _directory.File("sessions.db"), "--insecure", "loopback", "--tls-cert-file", tls.Master.CertFile, "--tls-key-file",
                tls.Master.KeyFile, "--tls-ca-file", tls.CaFile, "--admin-listen", "127.0.0.1:0", "--unix-socket", SocketPath,
                "--authorization-file", _directory.File("rules"), "--tokens-file", _directory.File("tokens"));
            foreach ((Door door, int port) in ((Door, int)[])[(Door.Main, _daemon.Port), (Door.Administration, _daemon.AdminPort)])
            {
                string secure = $"https://127.0.0.1:{port}";
                _callers.AddRange(WhoMay.Names.Select(name => new Caller(
                    name, "token", door, new MasterClient(port, GuardedMaster.TokenOf(name)))));
                _callers.AddRange(WhoMay.Names.Select(name => new Caller(
                    name, "certificate", door, new MasterClient(secure, Dialling.OverTls(tls.CaFile, tls.Client(name, dns: name)), null))));
                _callers.Add(new Caller("", "nothing", door, new MasterClient(port)));
                _callers.Add(new Caller("", NoCertificate, door, new MasterClient(secure, Dialling.OverTls(tls.CaFile, null), null)));
            }

            _callers.Add(new Caller(OwnName, "own user", Door.Socket, MasterClient.AtSocket(SocketPath)));
            if (OwnUser.Id == 0)
            {
                // Users of no group but root's: the master's directory and its socket let them in.
                await Shell.RunAsync("chmod", "g+x", _directory.Path);
                _callers.AddRange(users.Select(user => new Caller(
                    user.Key, "user", Door.Socket, new MasterClient("http://localhost", Dialling.AsUser(user.Value, SocketPath), null))));
            }
        }

        public ValueTask DisposeAsync()
        {
            _callers.ForEach(caller => caller.Client.Dispose());
            _daemon?.Dispose();
            _directory.Dispose();
            return default;
        }
    }
}
