using System;
using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>A store whose files are not those that its master wrote acknowledges nothing more.</summary>
public sealed class LostStoreTests : IDisposable
{
    private static readonly Dictionary<string, (Action<string> Do, string Said)> Harms = new()
    {
        ["deleted"] = (File.Delete, "deleted"),
        ["moved away"] = (path => File.Move(path, path + ".away"), "moved away"),
        ["replaced"] = (
            path =>
            {
                File.Copy(path, path + ".copy");
                File.Move(path + ".copy", path, overwrite: true);
            },
            "deleted"),
        ["swapped"] = (
            path =>
            {
                File.Copy(path, path + ".copy");
                File.Move(path, path + ".away");
                File.Move(path + ".copy", path);
            },
            "another file"),
        ["cut to nothing"] = (path => File.WriteAllBytes(path, []), "changed by another"),
        ["touched"] = (path => File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(-1)), "changed by another"),
        ["log deleted"] = (path => File.Delete(path + "-wal"), "log"),
        ["log moved away"] = (path => File.Move(path + "-wal", path + "-wal.away"), "log"),
        ["log cut to nothing"] = (path => File.WriteAllBytes(path + "-wal", []), "log"),
    };

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> HarmNames => [.. Harms.Keys];

    public void Dispose() => _directory.Dispose();

    private string StorePath => _directory.File("sessions.db");

    [Theory]
    [MemberData(nameof(HarmNames))]
    public void The_next_commit_fails_and_so_does_every_other(string harm)
    {
        using SqliteSessionStore store = OpenWithOne();
        Harms[harm].Do(StorePath);
        SessionException refusal = Assert.Throws<SessionException>(
            () => store.Commit([Changes.Session(2, 2, "two")], 2));
        Assert.Equal((SessionStatus.NotLeader, false), (refusal.Status, refusal.IsOutcomeUnknown));
        Assert.Contains(StorePath, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Harms[harm].Said, refusal.Message, StringComparison.Ordinal);
        Assert.True(store.IsLost);
        Assert.Throws<SessionException>(() => store.Commit([Changes.Session(3, 3, "three")], 3));
        Assert.Throws<SessionException>(() => store.Lead(Stored.LeadNow()));
    }

    [Theory]
    [MemberData(nameof(HarmNames))]
    public void A_look_finds_it_where_nobody_writes(string harm)
    {
        using SqliteSessionStore store = OpenWithOne();
        store.Look();
        Assert.False(store.IsLost);
        Harms[harm].Do(StorePath);
        store.Look();
        Assert.True(store.IsLost);
    }

    [Fact]
    public async Task What_another_commits_all_the_same_is_seen_before_anything_more_is_acknowledged()
    {
        using SqliteSessionStore store = OpenWithOne();
        (int exitCode, string said) = await Shell.RunAsync(
            "sqlite3", "-vfs", "unix-none", StorePath,
            "PRAGMA locking_mode = EXCLUSIVE; UPDATE meta SET value = value + 1 WHERE key = 'revision';");
        Assert.True(exitCode == 0, said);
        Assert.Throws<SessionException>(() => store.Commit([Changes.Session(2, 2, "two")], 2));
        Assert.True(store.IsLost);
    }

    [Fact]
    public void Thousands_of_its_own_commits_and_checkpoints_are_nobody_else_s()
    {
        using SqliteSessionStore store = OpenWithOne();
        for (ulong revision = 2; revision < 600; revision++)
        {
            store.Commit([Changes.Item(1, $"key-{revision % 50}", revision, bytes: 20_000)], revision);
            store.Look();
            Assert.False(store.IsLost);
        }

        // Several times as much was written as the log keeps: it was checkpointed in between.
        Assert.True(new FileInfo(StorePath).Length > 20_000 * 40);
    }

    [Fact]
    public void What_is_moved_away_takes_all_with_it_that_was_acknowledged()
    {
        using (SqliteSessionStore store = OpenWithOne())
        {
            File.Move(StorePath, StorePath + ".away");
            store.Look();
        }

        File.Move(StorePath + ".away", StorePath);
        using SqliteSessionStore again = new(StorePath, 0, create: false);
        Assert.Equal("one", Assert.Single(again.Lead(Stored.LeadNow()).Sessions()).Description.Identity);
    }

    [Fact]
    public void The_log_of_a_lost_store_is_not_applied_to_what_was_put_in_its_place()
    {
        string backup = _directory.File("backup.db");
        using (SqliteSessionStore store = new(backup, 0, create: true))
        {
            store.Lead(Stored.LeadNow());
            store.Commit([Changes.Session(9, 9, "of the backup")], 9);
        }

        using (SqliteSessionStore store = OpenWithOne())
        {
            File.WriteAllBytes(StorePath, File.ReadAllBytes(backup));
            store.Look();
        }

        using SqliteSessionStore again = new(StorePath, 0, create: false);
        Assert.Equal("of the backup", Assert.Single(again.Lead(Stored.LeadNow()).Sessions()).Description.Identity);
    }

    [Fact]
    public void Closing_a_lost_store_leaves_alone_what_is_another_s()
    {
        byte[] file;
        byte[] log;
        using (SqliteSessionStore store = OpenWithOne())
        {
            File.Move(StorePath, StorePath + ".away");
            File.Move(StorePath + "-wal", StorePath + "-wal.away");
            using SqliteSessionStore other = new(StorePath, 0, create: true);
            other.Lead(Stored.LeadNow());
            file = ReadShared(StorePath);
            log = ReadShared(StorePath + "-wal");
            Assert.NotEmpty(log);
            store.Dispose();
            Assert.Equal(file, ReadShared(StorePath));
            Assert.Equal(log, ReadShared(StorePath + "-wal"));
            other.Look();
            Assert.False(other.IsLost);
        }
    }

    [Fact]
    public async Task A_master_renews_nobody_any_more_and_leads_again_when_its_file_is_back()
    {
        using RunningMaster running = new();
        Wire.SessionKey key = await running.Client.CreateKeyAsync("server");
        using RenewalStream stream = running.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        ulong epoch = running.Master.MasterEpoch;

        File.Move(running.StorePath, running.StorePath + ".away");
        await Eventually.IsTrueAsync(
            async () => await stream.StatusOfAsync(key) == SessionStatus.NotLeader, "not renewed any more");
        Assert.False(running.Master.Leads);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.NotLeader, () => running.Client.SetItemAsync(key, "item", []));

        File.Move(running.StorePath + ".away", running.StorePath);
        await Eventually.IsTrueAsync(() => running.Master.Leads, "leads again");
        Assert.True(running.Master.MasterEpoch > epoch);
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
    }

    [Fact]
    public async Task A_master_whose_file_is_deleted_begins_no_new_cluster_by_itself_and_says_why_once()
    {
        string path = _directory.File("own.db");
        using DaemonProcess daemon = await DaemonProcess.StartAsync(path, "--create");
        using MasterClient client = new(daemon.Port);
        Wire.SessionKey key = await client.CreateKeyAsync("server");
        File.Delete(path);
        await Eventually.IsTrueAsync(() => daemon.Said.Contains("cannot lead", StringComparison.Ordinal), "refused");
        // Three more attempts.
        await Task.Delay(3 * Limits.LeadershipRetryMs);
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => client.SetItemAsync(key, "item", []));
        Assert.False(File.Exists(path));
        await daemon.EndsCleanlyAsync();
        string said = await daemon.ErrorsAsync();
        Assert.Single(Regex.Matches(said, $"store {Regex.Escape(path)} is lost: the file was deleted"));
        Assert.Single(Regex.Matches(said, "cannot lead.*new cluster"));
    }

    private static byte[] ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private SqliteSessionStore OpenWithOne()
    {
        SqliteSessionStore store = new(StorePath, 0, create: true);
        store.Lead(Stored.LeadNow());
        store.Commit([Changes.Session(1, 1, "one")], 1);
        return store;
    }
}
