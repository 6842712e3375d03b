using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server.Listening;

/// <summary>Both services at a Unix socket, to whom the kernel says.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string SocketPath => _directory.File("master.sock");

    private static string OwnPeer => $"unix:{OwnUser.Name},pid:{Environment.ProcessId}";

    [Fact]
    public async Task Every_verb_of_both_services_is_answered_there_though_administration_is_apart()
    {
        using RunningMaster master = Start(options => options.AdminListenAddress = "127.0.0.1:0");
        using MasterClient client = MasterClient.AtSocket(SocketPath);
        foreach (string verb in EveryVerb.Names)
        {
            await EveryVerb.CallAsync(verb, client, await EveryVerb.MakeAsync(client));
        }
    }

    [Fact]
    public async Task A_caller_is_known_by_its_user_whatever_token_it_sends()
    {
        File.WriteAllText(_directory.File("rules"), $"allow {OwnUser.Name} serve cs/{{name}}\nallow uid:{OwnUser.Id + 1} hold *\nallow - serve old/\n");
        using RunningMaster master = Start(options => options.AuthorizationFile = _directory.File("rules"));
        using MasterClient client = MasterClient.AtSocket(SocketPath, "a-token-of-somebody-whom-this-master-does-not-know");
        await client.CreateAsync($"cs/{OwnUser.Name}");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.PermissionDenied, () => client.CreateAsync("other"), $"'{OwnUser.Name}' (Unix socket) may not serve 'other'");
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, () => client.CreateAsync("old/1"));
        await master.Client.CreateAsync("old/1");
    }

    [Fact]
    public async Task An_end_says_which_process_of_which_user_held_the_session()
    {
        using RunningMaster master = Start();
        using MasterClient client = MasterClient.AtSocket(SocketPath);
        Wire.SessionKey key = await client.CreateKeyAsync("a");
        await client.CloseAsync(key);
        Assert.Equal(OwnPeer, (await client.Administration.ListEndsAsync(new Wire.ListEndsRequest())).Ends.Single().PeerAddress);
        Assert.Equal(OwnPeer, master.Master.ListEnds().Rows.Single().PeerAddress);
    }

    [Fact]
    public async Task It_needs_no_TLS_where_the_ports_speak_nothing_else()
    {
        TestTls tls = new(_directory.Path);
        using RunningMaster master = Start(options => options.Tls = tls.MutualMaster);
        using MasterClient client = MasterClient.AtSocket(SocketPath);
        await client.CreateAsync("a");
        await MasterClient.AssertRefusedAsync(SessionStatus.Unauthenticated, () => master.Client.CreateAsync("b"), "this master speaks TLS");
    }

    [Theory]
    [InlineData("077")]
    [InlineData("000")]
    public async Task Its_file_is_for_owner_and_group_whatever_the_umask_is_and_goes_with_the_master(string umask)
    {
        using DaemonProcess daemon = await DaemonProcess.StartWithUmaskAsync(umask, _directory.File("sessions.db"), "--unix-socket", SocketPath);
        Assert.Equal("660 socket", (await Shell.RunAsync("stat", "-c", "%a %F", SocketPath)).Said.Trim());
        await daemon.EndsCleanlyAsync();
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public async Task One_that_was_killed_leaves_a_file_that_the_next_replaces()
    {
        using (DaemonProcess killed = await DaemonProcess.StartAsync(_directory.File("sessions.db"), "--unix-socket", SocketPath))
        {
            await killed.KillAsync();
        }

        Assert.True(File.Exists(SocketPath));
        using DaemonProcess next = await DaemonProcess.StartAsync(_directory.File("sessions.db"), "--unix-socket", SocketPath);
        using MasterClient client = MasterClient.AtSocket(SocketPath);
        await client.CreateAsync("a");
    }

    [Fact]
    public async Task A_living_one_is_left_alone()
    {
        using RunningMaster master = Start();
        Assert.Equal($"unix_socket {SocketPath} is in use: a process listens there", Refusal(SessionStatus.AddressInUse));
        using MasterClient client = MasterClient.AtSocket(SocketPath);
        await client.CreateAsync("a");
    }

    [Fact]
    public void One_that_lives_and_accepts_nothing_is_left_alone_and_holds_up_no_start()
    {
        using Socket deaf = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        deaf.Bind(new UnixDomainSocketEndPoint(SocketPath));
        deaf.Listen(1);
        for (int i = 0; i < 4; i++)
        {
            Assert.Contains("is in use", Refusal(SessionStatus.AddressInUse), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_socket_is_left_as_it_is()
    {
        File.WriteAllText(SocketPath, "precious");
        string said = $"unix_socket {SocketPath} cannot be bound: a file is there that is no socket; it is left as it is";
        Assert.Equal(said, Refusal(SessionStatus.AddressUnusable));
        Assert.Equal("precious", File.ReadAllText(SocketPath));

        File.Move(SocketPath, _directory.File("precious"));
        File.CreateSymbolicLink(SocketPath, _directory.File("precious"));
        Assert.Equal(said, Refusal(SessionStatus.AddressUnusable));
        File.Delete(SocketPath);
        Directory.CreateDirectory(SocketPath);
        Assert.Equal(said, Refusal(SessionStatus.AddressUnusable));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named()
    {
        Assert.Equal(
            $"unix_socket {_directory.File("run/master.sock")} cannot be bound: there is no directory {_directory.File("run")}",
            Refusal(SessionStatus.AddressUnusable, _directory.File("run/master.sock")));
    }

    [Fact]
    public async Task Of_many_that_find_a_dead_one_at_the_same_time_one_serves_there()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(_directory.File("dead.sock")));
            // What is removed with it has another name by now.
            File.Move(_directory.File("dead.sock"), SocketPath);
        }

        RunningMaster?[] masters = await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Eventually.OnOwnThread(() =>
        {
            try
            {
                return Start();
            }
            catch (SessionException refusal) when (refusal.Status == SessionStatus.AddressInUse)
            {
                return null;
            }
        }))));
        using RunningMaster one = Assert.Single(masters, master => master != null)!;
        using MasterClient client = MasterClient.AtSocket(SocketPath);
        await client.CreateAsync("a");
        Assert.Single(one.Master.ListSessions().Rows);
    }

    [Fact]
    public void A_path_that_is_too_long_is_refused_with_its_limit()
    {
        string path = _directory.File(new string('x', Limits.MaxUnixPathBytes));
        Assert.Equal(
            $"unix_socket '{path}' has {path.Length} bytes; the kernel's limit is 108 with the NUL behind it",
            Refusal(SessionStatus.InvalidArgument, path));
    }

    private RunningMaster Start(Action<SessionMasterOptions>? configure = null)
    {
        RunningMaster master = new(options =>
        {
            options.UnixSocket = SocketPath;
            configure?.Invoke(options);
        });
        master.Hooks.OnDataReport = _ => default;
        return master;
    }

    private string Refusal(SessionStatus status, string? path = null)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => new RunningMaster(options => options.UnixSocket = path ?? SocketPath));
        Assert.True(status == refusal.Status, $"expected {status}, got {refusal.Status}: {refusal.Message}");
        return refusal.Message;
    }
}
