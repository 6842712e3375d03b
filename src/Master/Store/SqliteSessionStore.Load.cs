using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Microsoft.Data.Sqlite;

namespace Interop.Sessions.Master.Store;

/// <content>Reading everything when a leadership begins.</content>
public sealed partial class SqliteSessionStore
{
    private StoreSnapshot Load() => new()
    {
        MasterEpoch = (ulong)_masterEpoch,
        Revision = (ulong)ReadMeta("revision"),
        FormerRevision = (ulong)ReadMeta("revision"),
        LengthenedTermMs = (uint)ReadMeta("lengthened_term_ms"),
        IsRestored = ReadMeta("is_restored") != 0,
        Content = [.. ReadSessions(), .. ReadItems(), .. ReadAssignments(), .. ReadWrites()],
    };

    private List<StoreChange.PutSession> ReadSessions() => ReadAll(
        """
        SELECT id, epoch, nonce, identity, host_name, process_id, capabilities, nfs_endpoint, iscsi_endpoint,
               term_ms, secret, is_revoked, suspect_ms
        FROM sessions ORDER BY epoch
        """,
        ReadSession);

    private List<StoreChange.PutItem> ReadItems() => ReadAll(
        "SELECT session_id, key, value, revision FROM items",
        row => new StoreChange.PutItem(
            (ulong)row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), (ulong)row.GetInt64(3)));

    private List<StoreChange.PutAssignment> ReadAssignments() => ReadAll(
        "SELECT kind, object_name, session_id FROM assignments",
        row => new StoreChange.PutAssignment(
            (AccessPointKind)row.GetInt32(0), row.GetString(1), (ulong)row.GetInt64(2)));

    private List<StoreChange.PutWrites> ReadWrites() => ReadAll(
        "SELECT session_id, nonce, first_unfinished, answers FROM writes",
        row => new StoreChange.PutWrites(
            (ulong)row.GetInt64(0), (ulong)row.GetInt64(1),
            new WriteLog((ulong)row.GetInt64(2), WriteAnswers.FromBytes(row.GetFieldValue<byte[]>(3)))));

    private static StoreChange.PutSession ReadSession(SqliteDataReader row) => new(
        new SessionKey((ulong)row.GetInt64(0), (ulong)row.GetInt64(1), (ulong)row.GetInt64(2)),
        new SessionItem
        {
            Identity = row.GetString(3),
            HostName = row.GetString(4),
            ProcessId = (uint)row.GetInt64(5),
            Capabilities = (ulong)row.GetInt64(6),
            NfsEndpoint = row.GetString(7),
            IscsiEndpoint = row.GetString(8),
        },
        (uint)row.GetInt64(9),
        BinaryPrimitives.ReadUInt128LittleEndian(row.GetFieldValue<byte[]>(10)),
        row.GetBoolean(11),
        row.IsDBNull(12) ? null : (uint)row.GetInt64(12));

    private List<T> ReadAll<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
