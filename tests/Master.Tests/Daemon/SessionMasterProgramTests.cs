using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>session-master as an operator sees it.</summary>
public sealed class SessionMasterProgramTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string StorePath => _directory.File("sessions.db");

    [Fact]
    public async Task It_says_when_it_serves_stops_cleanly_on_SIGTERM_and_keeps_its_sessions()
    {
        Wire.SessionKey key;
        using (DaemonProcess daemon = await DaemonProcess.StartAsync(StorePath))
        {
            using MasterClient client = new(daemon.Port);
            key = await client.CreateKeyAsync("server");
            using RenewalStream open = client.OpenStream();
            await open.RenewAsync(key);
            await daemon.EndsCleanlyAsync();
        }

        using DaemonProcess successor = await DaemonProcess.StartAsync(StorePath);
        using MasterClient again = new(successor.Port);
        using RenewalStream stream = again.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
    }

    [Fact]
    public async Task Its_options_reach_the_master()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(
            StorePath, "--term-ms", "25000", "--min-term-ms", "20000", "--max-term-ms", "30000", "--max-sessions", "1",
            "--max-items-per-session", "1", "--max-item-bytes", "5", "--max-session-bytes", "10");
        using MasterClient client = new(daemon.Port);
        Wire.CreateSessionReply reply = await client.CreateAsync("server");
        Assert.Equal(25_000U, reply.TermMs);
        await MasterClient.AssertRefusedAsync(SessionStatus.TooManySessions, () => client.CreateAsync("another"));
        Wire.SessionKey key = MasterClient.KeyOf(reply);
        await MasterClient.AssertRefusedAsync(SessionStatus.ItemTooLarge, () => client.SetItemAsync(key, "key", new byte[6]));
        await MasterClient.AssertRefusedAsync(SessionStatus.TooManyItems, () => client.SetItemAsync(key, "longer", new byte[5]));
        await client.SetItemAsync(key, "key", new byte[5]);
        await MasterClient.AssertRefusedAsync(SessionStatus.TooManyItems, () => client.SetItemAsync(key, "k", []));
    }

    [Fact]
    public async Task A_second_one_on_the_same_store_ends_with_an_error()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(StorePath);
        await AssertFailsAsync(["--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", StorePath], "STORE_LOCKED", StorePath);
    }

    [Fact]
    public async Task A_taken_port_ends_it_with_an_error()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string address = $"127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        await AssertFailsAsync(["--listen", address, "--insecure", "loopback", "--store", StorePath, "--create"], "ADDRESS_IN_USE", address);
    }

    [Theory]
    [InlineData("--term-ms", "1", "--term-ms is 1", "1000 to 60000")]
    [InlineData("--listen", "nowhere", "--listen 'nowhere'", "host:port")]
    [InlineData("--advertise", "m1", "--advertise 'm1'", "host:port")]
    [InlineData("--max-sessions", "many", "--max-sessions is 'many'", "1 to 1000000")]
    [InlineData("--max-sessions", "4294967297", "--max-sessions is '4294967297'", "1 to 1000000")]
    [InlineData("--clock-rate-bound-ppm", "0", "--clock-rate-bound-ppm is 0", "1 to 500000")]
    [InlineData("--store-max-bytes", "1", "--store-max-bytes is 1", "at least 131072")]
    [InlineData("--etcd", "e1:2379", "exactly one of --store and --etcd")]
    [InlineData("--no-such-option", "1", "--no-such-option", "1")]
    public async Task A_wrong_option_ends_it_with_an_error_that_names_it(string option, string value, params string[] said) =>
        await AssertFailsAsync(["--store", StorePath, option, value], said);

    [Theory]
    [InlineData("--leader-term-ms", "2500", "--leader-term-ms is 2500", "2000 to 60000, in whole seconds")]
    [InlineData("--etcd-prefix", "/a/", "--etcd-prefix '/a/'")]
    [InlineData("--etcd-username", "somebody", "--etcd-username goes together with --etcd-password-file")]
    [InlineData("--etcd-key-file", "key.pem", "--etcd-cert-file and --etcd-key-file go together")]
    public async Task A_wrong_option_of_etcd_ends_each_command_with_an_error_that_names_it(string option, string value, params string[] said)
    {
        await AssertFailsAsync(["--etcd", "127.0.0.1:1", option, value], said);
        await AssertFailsAsync(["export", "--etcd", "127.0.0.1:1", option, value], said);
    }

    [Fact]
    public async Task Without_a_store_it_says_what_is_missing() => await AssertFailsAsync([], "--store");

    private static async Task AssertFailsAsync(string[] arguments, params string[] said)
    {
        (int exitCode, string errors) = await DaemonProcess.EndAsync([DaemonProcess.Program, .. arguments]);
        Assert.Equal(1, exitCode);
        Assert.All(said, words => Assert.Contains(words, errors, StringComparison.Ordinal));
    }
}
