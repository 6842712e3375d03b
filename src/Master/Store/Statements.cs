using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Microsoft.Data.Sqlite;

namespace Interop.Sessions.Master.Store;

/// <summary>The prepared statements of the changes: one for each kind, made once.</summary>
internal sealed class Statements : IDisposable
{
    private readonly List<SqliteCommand> _all = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _raiseRevision;
    private readonly SqliteCommand _putSession;
    private readonly SqliteCommand[] _removeSession;
    private readonly SqliteCommand _putItem;
    private readonly SqliteCommand _removeItem;
    private readonly SqliteCommand _putAssignment;
    private readonly SqliteCommand _putWrites;
    private readonly SqliteCommand _putState;

    internal Statements(SqliteConnection connection)
    {
        _connection = connection;
        _raiseRevision = Prepare(
            """
            UPDATE meta SET value = MAX(value, $1) WHERE key = 'revision'
              AND EXISTS (SELECT 1 FROM meta WHERE key = 'master_epoch' AND value = $2)
            """,
            2);
        _putSession = Prepare(
            """
            INSERT INTO sessions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
              ON CONFLICT (id) DO UPDATE SET nonce = excluded.nonce, secret = excluded.secret,
                is_revoked = excluded.is_revoked, suspect_ms = excluded.suspect_ms
            """,
            13);
        _removeSession =
        [
            Prepare("DELETE FROM items WHERE session_id = (SELECT id FROM sessions WHERE id = $1 AND epoch = $2)", 2),
            Prepare("DELETE FROM assignments WHERE session_id = (SELECT id FROM sessions WHERE id = $1 AND epoch = $2)", 2),
            Prepare("DELETE FROM writes WHERE session_id = (SELECT id FROM sessions WHERE id = $1 AND epoch = $2)", 2),
            Prepare("DELETE FROM sessions WHERE id = $1 AND epoch = $2", 2),
        ];
        _putItem = Prepare(
            """
            INSERT INTO items VALUES ($1, $2, $3, $4)
              ON CONFLICT (session_id, key) DO UPDATE SET value = excluded.value, revision = excluded.revision
            """,
            4);
        _removeItem = Prepare("DELETE FROM items WHERE session_id = $1 AND key = $2", 2);
        _putAssignment = Prepare("INSERT INTO assignments VALUES ($1, $2, $3)", 3);
        _putWrites = Prepare(
            """
            INSERT INTO writes VALUES ($1, $2, $3, $4) ON CONFLICT (session_id) DO UPDATE
              SET nonce = excluded.nonce, first_unfinished = excluded.first_unfinished, answers = excluded.answers
            """,
            4);
        _putState = Prepare(
            """
            UPDATE meta SET value = CASE key WHEN 'lengthened_term_ms' THEN $1 ELSE $2 END
              WHERE key IN ('lengthened_term_ms', 'is_restored')
            """,
            2);
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _all)
        {
            command.Dispose();
        }
    }

    /// <summary>Says how many rows it changed: 0 means that another master leads.</summary>
    internal int RaiseRevision(SqliteTransaction transaction, long revision, long masterEpoch) =>
        Run(_raiseRevision, transaction, revision, masterEpoch);

    internal void Apply(SqliteTransaction transaction, StoreChange change)
    {
        switch (change)
        {
            case StoreChange.PutSession put:
                PutSession(transaction, put);
                break;
            case StoreChange.RemoveSession remove:
                foreach (SqliteCommand command in _removeSession)
                {
                    Run(command, transaction, (long)remove.SessionId, (long)remove.Epoch);
                }

                break;
            case StoreChange.PutItem put:
                Run(_putItem, transaction, (long)put.SessionId, put.Key, put.Value.ToArray(), (long)put.Revision);
                PutWrites(transaction, put.Writes);
                break;
            case StoreChange.RemoveItem remove:
                Run(_removeItem, transaction, (long)remove.SessionId, remove.Key);
                PutWrites(transaction, remove.Writes);
                break;
            case StoreChange.PutWrites put:
                PutWrites(transaction, put);
                break;
            case StoreChange.PutState put:
                Run(_putState, transaction, (long)put.LengthenedTermMs, put.IsRestored ? 1L : 0L);
                break;
            case StoreChange.PutAssignment put:
                Run(_putAssignment, transaction, (long)put.Kind, put.ObjectName, (long)put.SessionId);
                break;
            default:
                throw new InvalidOperationException($"no statement for {change.GetType()}");
        }
    }

    private void PutSession(SqliteTransaction transaction, StoreChange.PutSession put) => Run(
        _putSession, transaction, (long)put.Key.SessionId, (long)put.Key.Epoch, (long)put.Key.Nonce, put.Item.Identity,
        put.Item.HostName, (long)put.Item.ProcessId, (long)put.Item.Capabilities, put.Item.NfsEndpoint,
        put.Item.IscsiEndpoint, (long)put.TermMs, BytesOf(put.Secret), put.IsRevoked ? 1L : 0L,
        put.SuspectMs is { } suspectMs ? (long)suspectMs : DBNull.Value);

    private void PutWrites(SqliteTransaction transaction, StoreChange.PutWrites? put)
    {
        if (put != null)
        {
            Run(
                _putWrites, transaction, (long)put.SessionId, (long)put.Nonce, (long)put.Log.FirstUnfinished,
                WriteAnswers.ToBytes(put.Log.Answers));
        }
    }

    private static byte[] BytesOf(UInt128 secret)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, secret);
        return bytes;
    }

    private static int Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 1; i <= parameters; i++)
        {
            command.Parameters.AddWithValue($"${i}", 0L);
        }

        _all.Add(command);
        return command;
    }
}
