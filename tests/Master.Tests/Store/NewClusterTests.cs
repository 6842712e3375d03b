using System;
using System.IO;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>A store that is not there is a new cluster only when somebody asks for one.</summary>
public sealed class NewClusterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string StorePath => _directory.File("sessions.db");

    [Fact]
    public void A_missing_file_is_refused_with_the_way_out_and_not_made()
    {
        AssertRefused(SessionStatus.StoreFailed, create: false, StorePath, "missing", "new cluster", "--create", "create_store");
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void An_empty_file_is_refused_with_the_way_out_and_left_empty()
    {
        File.WriteAllBytes(StorePath, []);
        AssertRefused(SessionStatus.StoreFailed, create: false, StorePath, "empty", "new cluster", "--create");
        Assert.Equal([StorePath], Directory.GetFiles(_directory.Path));
        Assert.Empty(File.ReadAllBytes(StorePath));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Asked_for_it_is_made_of_either(bool isThere)
    {
        if (isThere)
        {
            File.WriteAllBytes(StorePath, []);
        }

        Open(create: true).Dispose();
        Open(create: false).Dispose();
    }

    [Fact]
    public void A_store_that_is_there_is_opened_as_it_is_even_when_a_new_one_was_asked_for()
    {
        using (SqliteSessionStore store = Open(create: true))
        {
            store.Lead(Stored.LeadNow());
            store.Commit([Changes.Session(1, 1, "one")], 1);
        }

        using SqliteSessionStore again = Open(create: true);
        Assert.Single(again.Lead(Stored.LeadNow()).Sessions());
    }

    [Fact]
    public void A_file_that_was_cut_to_nothing_beside_its_log_is_damage_and_no_new_cluster()
    {
        using (SqliteSessionStore store = Open(create: true))
        {
            store.Lead(Stored.LeadNow());
            File.Copy(StorePath + "-wal", StorePath + "-wal.kept");
        }

        File.Move(StorePath + "-wal.kept", StorePath + "-wal");
        File.WriteAllBytes(StorePath, []);
        AssertRefused(SessionStatus.StoreFailed, create: true, "truncated", "backup");
        Assert.NotEmpty(File.ReadAllBytes(StorePath + "-wal"));
    }

    [Fact]
    public void A_master_makes_a_store_only_when_asked_and_only_once()
    {
        SessionMasterOptions options = new() { ListenAddress = "127.0.0.1:0", StorePath = StorePath, Insecure = Insecure.Loopback };
        SessionException refusal = Assert.Throws<SessionException>(
            () => SessionMaster.Start(options, new AccessManager(), NullLoggerFactory.Instance));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("new cluster", refusal.Message, StringComparison.Ordinal);
        options.CreateStore = true;
        SessionMaster.Start(options, new AccessManager(), NullLoggerFactory.Instance).Dispose();
        Assert.True(File.Exists(StorePath));
    }

    [Fact]
    public async Task The_program_makes_one_by_its_own_command_or_its_option()
    {
        string[] serve = [DaemonProcess.Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", StorePath];
        (int exitCode, string errors) = await DaemonProcess.EndAsync(serve);
        Assert.Equal(1, exitCode);
        Assert.Contains("STORE_FAILED", errors, StringComparison.Ordinal);
        Assert.Contains("--create", errors, StringComparison.Ordinal);

        string[] create = [DaemonProcess.Program, "create", "--store", StorePath];
        Assert.Equal(0, (await DaemonProcess.EndAsync(create)).ExitCode);
        (exitCode, errors) = await DaemonProcess.EndAsync(create);
        Assert.Equal(1, exitCode);
        Assert.Contains("exists already", errors, StringComparison.Ordinal);
        using DaemonProcess daemon = await DaemonProcess.StartAsync(StorePath);
        await daemon.EndsCleanlyAsync();

        using DaemonProcess other = await DaemonProcess.StartAsync(_directory.File("other.db"), "--create");
        await other.EndsCleanlyAsync();
    }

    private void AssertRefused(SessionStatus status, bool create, params string[] said)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => Open(create));
        Assert.Equal(status, refusal.Status);
        Assert.All(said, words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
    }

    private SqliteSessionStore Open(bool create) => new(StorePath, 0, create);
}
