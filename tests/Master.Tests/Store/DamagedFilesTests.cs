using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>Files that are missing, empty or something else: a refusal that names the file and the way out, and leaves all as it was.</summary>
public sealed class DamagedFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string StorePath => _directory.File("sessions.db");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("missing", "missing")]
    [InlineData("empty", "nothing in it")]
    [InlineData("cut in its header", "nothing in it")]
    [InlineData("zeros", "nothing in it")]
    [InlineData("another store's", "log")]
    [InlineData("text", "log")]
    public void A_log_that_a_killed_master_left_is_missed(string how, string said)
    {
        KilledStore killed = Killed("killed.db", "one");
        killed.Write(StorePath);
        string log = StorePath + "-wal";
        switch (how)
        {
            case "missing":
                File.Delete(log);
                break;
            case "empty":
                File.WriteAllBytes(log, []);
                break;
            case "cut in its header":
                File.WriteAllBytes(log, killed.Log[..20]);
                break;
            case "zeros":
                File.WriteAllBytes(log, new byte[killed.Log.Length]);
                break;
            case "another store's":
                File.WriteAllBytes(log, Killed("other.db", "other").Log[..5000]);
                break;
            default:
                File.WriteAllText(log, string.Concat(Enumerable.Repeat("no log at all ", 1000)));
                break;
        }

        AssertRefused(said);
    }

    [Fact]
    public void A_log_is_missed_though_all_files_but_the_store_are_gone()
    {
        Killed("killed.db", "one").Write(StorePath);
        File.Delete(StorePath + "-wal");
        File.Delete(StorePath + "-end");
        AssertRefused("missing");
    }

    [Fact]
    public void A_store_of_which_nothing_was_brought_into_the_file_yet_misses_its_log_too()
    {
        using (SqliteSessionStore store = new(_directory.File("new.db"), 0, create: true))
        {
            KilledStore.Of(_directory.File("new.db"), []).Write(StorePath);
        }

        File.Delete(StorePath + "-wal");
        AssertRefused("missing");
    }

    [Fact]
    public void A_store_that_was_closed_needs_nothing_beside_it()
    {
        for (int i = 0; i < 3; i++)
        {
            using (SqliteSessionStore store = new(StorePath, 0, create: i == 0))
            {
                store.Lead(Stored.LeadNow());
                store.Commit([Changes.Session((ulong)i, (ulong)i + 1, $"server-{i}")], (ulong)i + 1);
            }

            Assert.Equal([StorePath], Directory.GetFiles(_directory.Path));
        }

        using SqliteSessionStore last = new(StorePath, 0, create: false);
        Assert.Equal(3, last.Read().Sessions().Count());
    }

    [Fact]
    public void A_killed_store_is_opened_as_often_as_it_is_killed()
    {
        Killed("killed.db", "one").Write(StorePath);
        for (int i = 0; i < 3; i++)
        {
            string next = _directory.File($"next-{i}.db");
            using (SqliteSessionStore store = new(StorePath, 0, create: false))
            {
                Assert.Equal("one", Assert.Single(store.Lead(Stored.LeadNow()).Sessions()).Description.Identity);
                KilledStore.Of(StorePath, []).Write(next);
            }

            File.Delete(StorePath);
            KilledStore.Of(next, []).Write(StorePath);
        }
    }

    [Fact]
    public void An_empty_file_with_a_log_is_refused_though_a_new_store_may_be_made()
    {
        KilledStore killed = Killed("killed.db", "one");
        (killed with { File = [] }).Write(StorePath);
        AssertRefused("truncated", create: true);
    }

    [Fact]
    public async Task A_file_of_another_program_is_refused_and_left_alone()
    {
        File.WriteAllText(StorePath, string.Concat(Enumerable.Repeat("a letter to a friend ", 1000)));
        AssertRefused("not a database", create: true);
        File.Delete(StorePath);

        RawFile.Execute(StorePath, "CREATE TABLE letters (id INTEGER PRIMARY KEY, text TEXT)");
        AssertRefused("another program", create: true);
        RawFile.Execute(StorePath, "PRAGMA user_version = 1");
        AssertRefused("another program", create: true);
        RawFile.Execute(StorePath, "PRAGMA user_version = 0; PRAGMA application_id = 77; DROP TABLE letters");
        AssertRefused("another program", create: true);

        (int exitCode, string errors) = await DaemonProcess.EndAsync(
            DaemonProcess.Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", StorePath, "--create");
        Assert.Equal(1, exitCode);
        Assert.Contains($"STORE_FAILED: store '{StorePath}' is a SQLite file of another program", errors, StringComparison.Ordinal);
    }

    private void AssertRefused(string said, bool create = false)
    {
        byte[][] before = ReadAll();
        SessionException refusal = Assert.Throws<SessionException>(() => new SqliteSessionStore(StorePath, 0, create).Dispose());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(StorePath, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"session-master salvage --store {StorePath}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, ReadAll());
    }

    private byte[][] ReadAll() => [.. Directory.GetFiles(_directory.Path).Order().Select(File.ReadAllBytes)];

    private KilledStore Killed(string name, string identity)
    {
        using SqliteSessionStore store = new(_directory.File(name), 0, create: true);
        store.Lead(Stored.LeadNow());
        store.Commit([Changes.Session(1, 1, identity), Changes.Item(1, "item", 1, bytes: 9000)], 1);
        return KilledStore.Of(_directory.File(name), []);
    }
}
