using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>The lock of a store's file: nothing that other code does with the file drops it.</summary>
public sealed class StoreLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string StorePath => _directory.File("sessions.db");

    [Fact]
    public async Task Opening_and_closing_the_file_in_the_process_lets_nobody_else_in()
    {
        using (SqliteSessionStore store = Open())
        {
            store.Lead(Stored.LeadNow());
            store.Commit([Changes.Session(1, 1, "one")], 1);
            foreach (string path in Directory.GetFiles(_directory.Path))
            {
                File.ReadAllBytes(path);
                File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            }

            await AssertLockedAsync();
            store.Commit([Changes.Session(2, 2, "two")], 2);
            Assert.False(store.IsLost);
        }

        using SqliteSessionStore again = Open();
        Assert.Equal(["one", "two"], again.Lead(Stored.LeadNow()).Sessions().Select(put => put.Description.Identity));
    }

    [Fact]
    public async Task A_reader_in_the_process_that_uses_SQLite_is_refused_and_lets_nobody_else_in()
    {
        using SqliteSessionStore store = Open();
        store.Lead(Stored.LeadNow());
        using (SqliteConnection connection = new($"Data Source={StorePath};Pooling=False;Default Timeout=1"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT * FROM sessions";
            Assert.Equal(5, Assert.Throws<SqliteException>(command.ExecuteReader).SqliteErrorCode);
        }

        await AssertLockedAsync();
        store.Commit([Changes.Session(1, 1, "one")], 1);
        store.Look();
        Assert.False(store.IsLost);
    }

    [Fact]
    public async Task An_operator_s_shell_is_refused_and_leaves_the_log_where_it_is()
    {
        using SqliteSessionStore store = Open();
        store.Lead(Stored.LeadNow());
        store.Commit([Changes.Session(1, 1, "one")], 1);
        long logBytes = new FileInfo(StorePath + "-wal").Length;
        (int exitCode, string said) = await Shell.RunAsync("sqlite3", StorePath, "SELECT * FROM sessions");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("locked", said, StringComparison.Ordinal);
        Assert.Equal(logBytes, new FileInfo(StorePath + "-wal").Length);
        store.Look();
        Assert.False(store.IsLost);
    }

    [Fact]
    public void A_store_under_another_name_is_the_same_store()
    {
        using SqliteSessionStore store = Open();
        string link = _directory.File("link.db");
        File.CreateSymbolicLink(link, StorePath);
        SessionException refusal = Assert.Throws<SessionException>(
            () => new SqliteSessionStore(link, 0, create: false));
        Assert.Equal(SessionStatus.StoreLocked, refusal.Status);
        store.Dispose();
        using SqliteSessionStore linked = new(link, 0, create: false);
        Assert.True(File.Exists(StorePath + "-wal"));
        Assert.False(File.Exists(link + "-wal"));
    }

    [Fact]
    public void A_copy_beside_the_log_of_a_store_that_is_open_is_refused()
    {
        using SqliteSessionStore store = Open();
        store.Lead(Stored.LeadNow());
        File.Copy(StorePath, _directory.File("copy.db"));
        File.Move(_directory.File("copy.db"), StorePath, overwrite: true);
        SessionException refusal = Assert.Throws<SessionException>(() => Open(create: false));
        Assert.Equal(SessionStatus.StoreLocked, refusal.Status);
        Assert.Contains("log", refusal.Message, StringComparison.Ordinal);
    }

    private async Task AssertLockedAsync()
    {
        Assert.Equal(SessionStatus.StoreLocked, Assert.Throws<SessionException>(() => Open()).Status);
        (int exitCode, string errors) = await DaemonProcess.EndAsync(
            DaemonProcess.Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", StorePath);
        Assert.Equal(1, exitCode);
        Assert.Contains("STORE_LOCKED", errors, StringComparison.Ordinal);
        Assert.Contains(StorePath, errors, StringComparison.Ordinal);
    }

    private SqliteSessionStore Open(bool create = true) => new(StorePath, 0, create);
}
