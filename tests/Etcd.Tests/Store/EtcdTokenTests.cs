using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Etcdserverpb;
using Grpc.Core;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Lease;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>Tokens are forgotten, run out, and are outdated by every change of users: no commit fails for it.</summary>
public sealed class EtcdTokenTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(StatusCode.Unauthenticated, "etcdserver: invalid auth token")]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: revision of auth store is old")]
    [InlineData(StatusCode.InvalidArgument, "etcdserver: user name is empty")]
    [InlineData(StatusCode.Unknown, "auth: revision in header is old")]
    [InlineData(StatusCode.Unknown, "auth: invalid auth token")]
    public void Each_of_etcds_words_for_a_useless_token_is_known(StatusCode code, string text) =>
        Assert.Equal(EtcdFailure.TokenRefused, EtcdFailures.Of(new RpcException(new Status(code, text))));

    [Theory]
    [InlineData("etcdserver: authentication failed, invalid user ID or password")]
    [InlineData("etcdserver: user name not found")]
    public void A_wrong_password_is_no_useless_token(string text) =>
        Assert.Equal(EtcdFailure.Refused, EtcdFailures.Of(new RpcException(new Status(StatusCode.InvalidArgument, text))));

    [Fact]
    public void With_signed_tokens_a_change_of_users_stops_nobody()
    {
        using GuardedEtcd etcd = new(GuardedEtcd.SignedTokens(_directory.Path));
        using Contender leader = new(etcd.Options);
        leader.Lead();
        long endNs = BootClock.NowNs + (2 * etcd.Options.LeaderTermMs * 1_000_000L);
        for (int i = 1; BootClock.NowNs < endNs; i++)
        {
            etcd.AddUser($"another-{i}");
            leader.Store.Commit([Item(i)], (ulong)i);
            Assert.True(leader.MayAct, $"after {i} changes");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Threads_that_find_the_same_token_forgotten_all_get_through(bool areSigned)
    {
        using GuardedEtcd etcd = new(areSigned ? GuardedEtcd.SignedTokens(_directory.Path) : []);
        using EtcdConnection connection = new(etcd.Options);
        Get(connection);
        for (int round = 0; round < 100; round++)
        {
            etcd.ChangePassword(GuardedEtcd.Password);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(
                _ => Task.Factory.StartNew(() => Get(connection), TaskCreationOptions.LongRunning)));
        }
    }

    [Fact]
    public async Task Many_who_need_a_token_ask_for_one_together_also_when_it_is_refused()
    {
        using GuardedEtcd etcd = new();
        using EtcdConnection connection = new(etcd.Options with { Password = "wrong" });
        int before = await etcd.AuthenticationsAsync();
        SessionException[] refusals = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Factory.StartNew(
            () => Assert.Throws<SessionException>(() => Get(connection)), TaskCreationOptions.LongRunning)));
        Assert.All(refusals, refusal => Assert.Contains("authentication failed", refusal.Message, StringComparison.Ordinal));
        Assert.InRange(await etcd.AuthenticationsAsync() - before, 1, 3);
    }

    [Fact]
    public async Task A_password_that_is_changed_in_its_file_is_used()
    {
        using GuardedEtcd etcd = new();
        string file = await PasswordFileAsync(GuardedEtcd.Password);
        using EtcdConnection connection = new(etcd.Options with { Password = "", PasswordFile = file });
        Get(connection);
        etcd.ChangePassword("new");
        SessionException refusal = Assert.Throws<SessionException>(() => Get(connection));
        Assert.Contains("authentication failed", refusal.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "new\r\n");
        await Eventually.IsTrueAsync(() => Record.Exception(() => Get(connection)) == null, "let in again");
    }

    private async Task<string> PasswordFileAsync(string content)
    {
        string file = _directory.File("password");
        await File.WriteAllTextAsync(file, content);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("secret\n")]
    [InlineData("secret\r\n")]
    [InlineData("\ufeffsecret\r\nand a comment\n")]
    public async Task A_password_is_the_first_line_of_its_file_however_that_ends(string content)
    {
        string file = await PasswordFileAsync(content);
        EtcdOptions options = new() { Endpoints = "127.0.0.1:1", Username = "u", PasswordFile = file, Insecure = Insecure.Loopback };
        options.Validate();
        Assert.Equal("secret", new EtcdCredentials(options, new RecordedLog(), BootTime.OfMachine).ReadPassword());
    }

    [Fact]
    public async Task A_password_file_that_every_user_of_the_machine_may_read_is_refused()
    {
        string file = await PasswordFileAsync("secret");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        SessionException refusal = Assert.Throws<SessionException>(
            () => new EtcdConnection(new EtcdOptions { Endpoints = "127.0.0.1:1", Username = "u", PasswordFile = file, Insecure = Insecure.Loopback }));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains($"etcd.password_file '{file}' has mode 0404", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_file_without_a_password_is_refused_at_once()
    {
        string file = await PasswordFileAsync("\n");
        SessionException refusal = Assert.Throws<SessionException>(
            () => new EtcdConnection(new EtcdOptions { Endpoints = "127.0.0.1:1", Username = "u", PasswordFile = file, Insecure = Insecure.Loopback }));
        Assert.Equal((SessionStatus.InvalidArgument, false), (refusal.Status, refusal.IsPassing));
        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Users_may_be_switched_off_and_on_again_while_it_leads()
    {
        using GuardedEtcd etcd = new();
        using Contender leader = new(etcd.Options);
        leader.Lead();
        long endNs = BootClock.NowNs + (LeaseArithmetic.UsableTermNs(etcd.Options.LeaderTermMs, 0) * 2);
        for (int i = 1; BootClock.NowNs < endNs; i++)
        {
            etcd.SwitchOff();
            leader.Store.Commit([Item(2 * i)], (ulong)(2 * i));
            etcd.SwitchOn();
            leader.Store.Commit([Item((2 * i) + 1)], (ulong)((2 * i) + 1));
            Assert.True(leader.MayAct, $"after {i} changes");
        }
    }

    [Fact]
    public void An_etcd_that_asks_for_a_user_is_told_from_one_that_refuses_him()
    {
        using GuardedEtcd etcd = new();
        using EtcdConnection nobody = new(etcd.Options with { Username = "", Password = "" });
        SessionException refusal = Assert.Throws<SessionException>(() => Get(nobody));
        Assert.Contains("etcd.username is empty", refusal.Message, StringComparison.Ordinal);
    }

    private static StoreChange.PutItem Item(int i) => new(1, "item", new byte[1], (ulong)i);

    private static void Get(EtcdConnection connection) => connection.Ask(
        (client, headers, cancellation) => client.Get(
            new RangeRequest { Key = connection.Keys.State }, headers, null, cancellation),
        20_000, default);
}
