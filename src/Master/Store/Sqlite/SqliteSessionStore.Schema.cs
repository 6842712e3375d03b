using System;
using System.Linq;
using Interop.Sessions.Store;
using Microsoft.Data.Sqlite;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <content>The file's settings and tables.</content>
public sealed partial class SqliteSessionStore
{
    private const string Schema = """
        CREATE TABLE meta (
          key TEXT PRIMARY KEY,
          value INTEGER NOT NULL,
          checksum INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE sessions (
          id INTEGER PRIMARY KEY,
          epoch INTEGER NOT NULL,
          nonce_hash INTEGER NOT NULL,
          identity TEXT NOT NULL UNIQUE,
          host_name TEXT NOT NULL,
          process_id INTEGER NOT NULL,
          capabilities INTEGER NOT NULL,
          endpoints TEXT NOT NULL,
          term_ms INTEGER NOT NULL,
          secret_hash BLOB NOT NULL,
          is_revoked INTEGER NOT NULL,
          revoke_reason TEXT NOT NULL,
          weight INTEGER NOT NULL,
          suspect_ms INTEGER,
          checksum INTEGER NOT NULL
        );
        CREATE TABLE items (
          session_id INTEGER NOT NULL,
          key TEXT NOT NULL,
          value BLOB NOT NULL,
          revision INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          PRIMARY KEY (session_id, key)
        ) WITHOUT ROWID;
        CREATE TABLE assignments (
          kind INTEGER NOT NULL,
          object_name TEXT NOT NULL,
          session_id INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          PRIMARY KEY (kind, object_name)
        ) WITHOUT ROWID;
        CREATE INDEX assignments_of_session ON assignments (session_id);
        CREATE TABLE writes (
          session_id INTEGER PRIMARY KEY,
          nonce_hash INTEGER NOT NULL,
          first_unfinished INTEGER NOT NULL,
          answers BLOB NOT NULL,
          checksum INTEGER NOT NULL
        );
        CREATE TABLE ends (
          revision INTEGER PRIMARY KEY,
          session_id INTEGER NOT NULL,
          epoch INTEGER NOT NULL,
          identity TEXT NOT NULL,
          host_name TEXT NOT NULL,
          process_id INTEGER NOT NULL,
          peer_address TEXT NOT NULL,
          reason INTEGER NOT NULL,
          text TEXT NOT NULL,
          ended_unix_ms INTEGER NOT NULL,
          silent_ms INTEGER NOT NULL,
          is_heard INTEGER NOT NULL,
          is_gate_closed INTEGER NOT NULL,
          checksum INTEGER NOT NULL
        );
        CREATE TABLE drains (
          identity TEXT PRIMARY KEY,
          reason TEXT NOT NULL,
          since_unix_ms INTEGER NOT NULL,
          moves_objects INTEGER NOT NULL,
          revokes_session INTEGER NOT NULL,
          checksum INTEGER NOT NULL
        ) WITHOUT ROWID;
        """;

    /// <summary>The rows of meta, and how far each may count.</summary>
    private static readonly (string Key, long Max)[] MetaRows =
    [
        ("master_epoch", (long)Limits.MaxMasterEpoch), ("lengthened_term_ms", Limits.MaxTermMs), ("is_restored", 1),
        ("revision", (long)Limits.MaxRevision),
        (MinReader, int.MaxValue),
    ];

    private const string MinReader = "min_reader";

    private void Configure(ulong maxBytes, bool create, bool isImport)
    {
        // Exclusive before WAL: then the wal-index is heap memory, which needs no locks, and no -shm file.
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        RequireOwn();
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        // A sort of many rows would need a folder for temporary files, and not every service has one.
        Execute("PRAGMA temp_store = MEMORY");
        // Nothing of a transaction is in the log before its end: that tells damage from a torn end (LogCheck).
        Execute("PRAGMA cache_spill = OFF");
        RequireSound();
        using (SqliteTransaction transaction = _connection.BeginTransaction())
        {
            PrepareSchema(create, isImport);
            transaction.Commit();
        }

        if (!LogFile.IsInUse(_path))
        {
            // Durably in the file itself, before anything is acknowledged.
            NoteUse(LogFile.InUse);
            Execute("PRAGMA wal_checkpoint(FULL)");
        }

        long most = (long)Math.Min(maxBytes == 0 ? Limits.DefaultStoreBytes : maxBytes, long.MaxValue);
        Execute($"PRAGMA max_page_count = {Math.Max(1, most / ReadLong("PRAGMA page_size"))}");
    }

    /// <summary>The most that the file may have, in bytes.</summary>
    internal long MostBytes => ReadLong("PRAGMA max_page_count") * ReadLong("PRAGMA page_size");

    /// <summary>Nothing is written into a file of another program.</summary>
    private void RequireOwn()
    {
        long use = ReadLong("PRAGMA application_id");
        string names = string.Join(", ", StoreTable.Content.Append(StoreTable.Meta).Select(table => $"'{table.Name}'"));
        long own = ReadLong($"SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ({names})");
        bool isNew = ReadLong("PRAGMA user_version") == 0 && ReadLong("SELECT COUNT(*) FROM sqlite_master") == 0;
        if (use is not (0 or LogFile.InUse) || (!isNew && (own <= StoreTable.Content.Length || ReadLong("PRAGMA user_version") == 0)))
        {
            throw new SessionException(
                SessionStatus.StoreFailed,
                $"store '{_path}' is a SQLite file of another program, or damaged: name the right file. {StoreTexts.WayOutOf(_path)}");
        }
    }

    /// <summary>Is a log to be expected beside it? From then on, when the log is brought into the file.</summary>
    private void NoteUse(int use) => Execute($"PRAGMA application_id = {use}");

    // Of all pages; what is in the rows, their checksums tell.
    private void RequireSound()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        if (command.ExecuteScalar() as string is { } said and not "ok")
        {
            throw Damaged(said.ReplaceLineEndings(" "));
        }
    }

    private void PrepareSchema(bool create, bool isImport)
    {
        if (ReadLong("PRAGMA user_version") == 0)
        {
            if (!create)
            {
                // Whoever was making it was killed before its tables were there.
                throw StoreTexts.NothingThere(_path, "empty");
            }

            Execute(Schema);
            foreach ((string key, _) in MetaRows)
            {
                WriteMeta(key, 0);
            }

            // An empty store that an import has made for itself is led by nobody before the import has filled it.
            WriteFormat(isImport ? StoreFormat.New.AsImporting() : StoreFormat.New);
        }

        StoreFormat format = ReadFormat();
        if (!format.IsImporting)
        {
            format.RequireReadable($"store '{_path}'");
        }
        else if (!isImport)
        {
            throw new SessionException(
                SessionStatus.StoreFailed,
                $"store '{_path}': {format.Refusal()}; if a salvage was to fill it, delete it and run the salvage again");
        }
    }

    // A newer release adds columns that have defaults, and are in no checksum; and tables whose rows its triggers delete with
    // their session.
    private StoreFormat ReadFormat()
    {
        long version = ReadLong("PRAGMA user_version");
        long minReader = ReadLong($"SELECT COALESCE((SELECT value FROM meta WHERE key = '{MinReader}'), {version})");
        return new StoreFormat(int.CreateSaturating(version), int.CreateSaturating(minReader));
    }

    private void WriteFormat(StoreFormat format)
    {
        Execute($"PRAGMA user_version = {format.Format}");
        WriteMeta(MinReader, format.MinReader);
    }

    private void WriteMeta(string key, long value)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = StoreTable.Meta.Put;
        Bind(command, [key, value, RowChecksum.Of(StoreTable.Meta.Name, [key, value])]);
        command.ExecuteNonQuery();
    }

    private static void Bind(SqliteCommand command, object[] values)
    {
        command.Parameters.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }
    }

    private long ReadLong(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
