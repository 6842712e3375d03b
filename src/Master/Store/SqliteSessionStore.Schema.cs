using System;
using Microsoft.Data.Sqlite;

namespace Interop.Sessions.Master.Store;

/// <content>The file's settings and tables.</content>
public sealed partial class SqliteSessionStore
{
    private const long SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE meta (
          key TEXT PRIMARY KEY,
          value INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE sessions (
          id INTEGER PRIMARY KEY,
          epoch INTEGER NOT NULL,
          nonce INTEGER NOT NULL,
          identity TEXT NOT NULL UNIQUE,
          host_name TEXT NOT NULL,
          process_id INTEGER NOT NULL,
          capabilities INTEGER NOT NULL,
          nfs_endpoint TEXT NOT NULL,
          iscsi_endpoint TEXT NOT NULL,
          term_ms INTEGER NOT NULL,
          secret BLOB NOT NULL,
          is_revoked INTEGER NOT NULL,
          suspect_ms INTEGER
        );
        CREATE TABLE items (
          session_id INTEGER NOT NULL,
          key TEXT NOT NULL,
          value BLOB NOT NULL,
          revision INTEGER NOT NULL,
          PRIMARY KEY (session_id, key)
        ) WITHOUT ROWID;
        CREATE TABLE assignments (
          kind INTEGER NOT NULL,
          object_name TEXT NOT NULL,
          session_id INTEGER NOT NULL,
          PRIMARY KEY (kind, object_name)
        ) WITHOUT ROWID;
        CREATE TABLE writes (
          session_id INTEGER PRIMARY KEY,
          nonce INTEGER NOT NULL,
          first_unfinished INTEGER NOT NULL,
          answers BLOB NOT NULL
        );
        CREATE INDEX assignments_of_session ON assignments (session_id);
        INSERT INTO meta VALUES ('master_epoch', 0), ('lengthened_term_ms', 0), ('is_restored', 0), ('revision', 0);
        """;

    private void Configure(ulong maxBytes)
    {
        // Exclusive before WAL: then the wal-index is heap memory, which needs no locks, and no -shm file.
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        // A sort of many rows would need a folder for temporary files, and not every service has one.
        Execute("PRAGMA temp_store = MEMORY");
        using (SqliteTransaction transaction = _connection.BeginTransaction())
        {
            PrepareSchema();
            transaction.Commit();
        }

        if (maxBytes > 0)
        {
            long pageBytes = ReadLong("PRAGMA page_size");
            Execute($"PRAGMA max_page_count = {Math.Max(1, (long)Math.Min(maxBytes, long.MaxValue) / pageBytes)}");
        }
    }

    private void PrepareSchema()
    {
        long version = ReadLong("PRAGMA user_version");
        if (version == 0)
        {
            Execute(Schema);
            Execute($"PRAGMA user_version = {SchemaVersion}");
        }
        else if (version != SchemaVersion)
        {
            throw new SessionException(
                SessionStatus.StoreFailed,
                $"store '{_path}' has schema version {version}; this library knows {SchemaVersion}");
        }
    }

    private long ReadMeta(string key)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT value FROM meta WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        return (long)command.ExecuteScalar()!;
    }

    private void WriteMeta(string key, long value)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "UPDATE meta SET value = $value WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
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
