using System;
using System.Linq;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Store;
using Interop.Sessions.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>A file that a newer release has led on: it has more columns and tables, and says who may still read it.</summary>
public sealed class NewerSqliteStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_higher_format_is_led_on_if_this_release_may_read_it()
    {
        Make(1);
        Execute("PRAGMA user_version = 7");
        using (SqliteSessionStore store = Open())
        {
            StoreSnapshot loaded = store.Lead(Stored.LeadNow());
            Assert.Equal(new StoreFormat(7, 1), loaded.Format);
            Assert.Single(loaded.Sessions());
        }

        // A later leader still knows that a newer release has written here.
        Assert.Equal((7L, 1L), (Ask("PRAGMA user_version"), Ask("SELECT value FROM meta WHERE key = 'min_reader'")));
    }

    [Theory]
    [InlineData(7, 2, "format 7", "min_reader 2", "knows 1", "later")]
    [InlineData(7, 7, "format 7", "min_reader 7", "knows 1", "later")]
    [InlineData(1, 2, "min_reader 2", "makes no sense")]
    [InlineData(7, 0, "min_reader 0", "makes no sense")]
    public void A_format_that_is_not_for_this_release_is_refused_with_both_numbers_and_untouched(
        int format, int minReader, params string[] said)
    {
        Make(1);
        Execute($"PRAGMA user_version = {format}; UPDATE meta SET value = {minReader} WHERE key = 'min_reader'");
        long epoch = Ask("SELECT value FROM meta WHERE key = 'master_epoch'");
        SessionException refusal = Assert.Throws<SessionException>(() => Open());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.All(said, words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
        Assert.Equal(epoch, Ask("SELECT value FROM meta WHERE key = 'master_epoch'"));
    }

    [Fact]
    public void Once_min_reader_is_raised_this_release_leads_no_more()
    {
        Make(1);
        using (SqliteSessionStore store = Open())
        {
            StoreFormat raised = new(StoreFormat.Known + 1, StoreFormat.Known + 1);
            Assert.Equal(raised, store.Lead(Stored.LeadNow() with { MinReader = StoreFormat.Known + 1 }).Format);
            // Neither number goes back by itself.
            Assert.Equal(raised, store.Lead(Stored.LeadNow()).Format);
        }

        SessionException refusal = Assert.Throws<SessionException>(() => Open());
        Assert.Contains($"min_reader {StoreFormat.Known + 1}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_are_not_known_keep_what_they_have_and_take_their_defaults()
    {
        Make(1);
        Execute(
            """
            ALTER TABLE sessions ADD COLUMN zone TEXT NOT NULL DEFAULT 'none';
            ALTER TABLE items ADD COLUMN type INTEGER NOT NULL DEFAULT 5;
            ALTER TABLE assignments ADD COLUMN since INTEGER NOT NULL DEFAULT 6;
            ALTER TABLE writes ADD COLUMN more BLOB;
            UPDATE sessions SET zone = 'north';
            """);
        using (SqliteSessionStore store = Open())
        {
            store.Lead(Stored.LeadNow());
            store.Commit(
                [
                    Session(1) with { IsRevoked = true }, Session(2), new StoreChange.PutItem(2, "k", default, 4),
                    new StoreChange.PutAssignment(AccessPointKind.Nfs, "volume", 2),
                    new StoreChange.PutWrites(2, 3, WriteLog.Empty),
                ],
                9);
        }

        Assert.Equal(1, Ask("SELECT COUNT(*) FROM sessions WHERE id = 1 AND is_revoked = 1 AND zone = 'north'"));
        Assert.Equal(1, Ask("SELECT COUNT(*) FROM sessions WHERE id = 2 AND zone = 'none'"));
        Assert.Equal((5, 6), (Ask("SELECT type FROM items"), Ask("SELECT since FROM assignments")));
    }

    [Fact]
    public void Tables_and_kinds_that_are_not_known_are_skipped_and_end_with_their_session()
    {
        Make(1, 2);
        Execute(
            $"""
            CREATE TABLE locks (session_id INTEGER PRIMARY KEY);
            CREATE TRIGGER locks_end AFTER DELETE ON sessions BEGIN DELETE FROM locks WHERE session_id = OLD.id; END;
            INSERT INTO locks VALUES (1), (2);
            INSERT INTO meta VALUES ('locks', 2, {RowChecksum.Of("meta", ["locks", 2L])});
            INSERT INTO assignments (kind, object_name, session_id, checksum) VALUES
              (99, 'share', 1, {OfAssignment(99, "share", 1)}), (1, 'volume', 1, {OfAssignment(1, "volume", 1)}),
              (99, 'other', 2, {OfAssignment(99, "other", 2)});
            """);
        using (SqliteSessionStore store = Open())
        {
            StoreSnapshot loaded = store.Lead(Stored.LeadNow());
            Assert.Equal("volume", Assert.Single(loaded.Assignments()).ObjectName);
            Assert.Equal(2, loaded.Sessions().Count());
            store.Commit([new StoreChange.RemoveSession(1, 1)], 9);
        }

        Assert.Equal(2, Ask("SELECT session_id FROM locks"));
        Assert.Equal(1, Ask("SELECT COUNT(*) FROM assignments WHERE object_name = 'other'"));
        Assert.Equal(1, Ask("SELECT COUNT(*) FROM assignments"));
    }

    private string StorePath => _directory.File("sessions.db");

    private static StoreChange.PutSession Session(ulong id) => new(
        new SessionKey(id, id, id), new ServerDescription { Identity = $"server {id}" }, 10_000, new SecretHash(id), IsRevoked: false, SuspectMs: null);

    private static long OfAssignment(long kind, string objectName, long session) =>
        RowChecksum.Of("assignments", [kind, objectName, session]);

    private SqliteSessionStore Open() => new(StorePath, 0, create: true);

    private void Make(params ulong[] ids)
    {
        using SqliteSessionStore store = Open();
        store.Lead(Stored.LeadNow());
        store.Commit([.. ids.Select(Session)], 5);
    }

    private void Execute(string sql) => Run(sql, command => command.ExecuteNonQuery());

    private long Ask(string sql) => Run(sql, command => (long)command.ExecuteScalar()!);

    private T Run<T>(string sql, Func<SqliteCommand, T> run)
    {
        using SqliteConnection connection = new($"Data Source={StorePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return run(command);
    }
}
