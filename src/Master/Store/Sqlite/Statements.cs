using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Store;
using Microsoft.Data.Sqlite;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>The prepared statements of the changes: one for each kind, made once.</summary>
internal sealed class Statements : IDisposable
{
    private readonly List<SqliteCommand> _all = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _leads;
    private readonly SqliteCommand _putMeta;
    private readonly SqliteCommand _putSession;
    private readonly SqliteCommand[] _removeSession;
    private readonly SqliteCommand _putItem;
    private readonly SqliteCommand _removeItem;
    private readonly SqliteCommand _putAssignment;
    private readonly SqliteCommand _putWrites;
    private readonly SqliteCommand _removeAssignment;
    private readonly SqliteCommand _putEnd;
    private readonly SqliteCommand _removeEnd;
    private readonly SqliteCommand _putDrain;
    private readonly SqliteCommand _removeDrain;

    internal Statements(SqliteConnection connection)
    {
        _connection = connection;
        _leads = Prepare("SELECT COUNT(*) FROM meta WHERE key = 'master_epoch' AND value = $1", 1);
        _putMeta = PreparePut(StoreTable.Meta);
        _putSession = PreparePut(StoreTable.Sessions);
        _removeSession =
        [
            Prepare("DELETE FROM items WHERE session_id = (SELECT id FROM sessions WHERE id = $1 AND epoch = $2)", 2),
            Prepare("DELETE FROM assignments WHERE session_id = (SELECT id FROM sessions WHERE id = $1 AND epoch = $2)", 2),
            Prepare("DELETE FROM writes WHERE session_id = (SELECT id FROM sessions WHERE id = $1 AND epoch = $2)", 2),
            Prepare("DELETE FROM sessions WHERE id = $1 AND epoch = $2", 2),
        ];
        _putItem = PreparePut(StoreTable.Items);
        _removeItem = Prepare("DELETE FROM items WHERE session_id = $1 AND key = $2", 2);
        _putAssignment = PreparePut(StoreTable.Assignments);
        _putWrites = PreparePut(StoreTable.Writes);
        _removeAssignment = Prepare("DELETE FROM assignments WHERE kind = $1 AND object_name = $2 AND session_id = $3", 3);
        _putEnd = PreparePut(StoreTable.Ends);
        _removeEnd = Prepare("DELETE FROM ends WHERE revision = $1", 1);
        _putDrain = PreparePut(StoreTable.Drains);
        _removeDrain = Prepare("DELETE FROM drains WHERE identity = $1", 1);
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _all)
        {
            command.Dispose();
        }
    }

    /// <summary>Does this master lead, as the store knows it?</summary>
    internal bool Leads(SqliteTransaction transaction, long masterEpoch)
    {
        _leads.Transaction = transaction;
        _leads.Parameters[0].Value = masterEpoch;
        return (long)_leads.ExecuteScalar()! == 1;
    }

    /// <summary>Writes what belongs to no session.</summary>
    internal void PutMeta(SqliteTransaction transaction, string key, long value) =>
        Put(_putMeta, StoreTable.Meta, transaction, key, value);

    internal void Apply(SqliteTransaction transaction, StoreChange change)
    {
        switch (change)
        {
            case StoreChange.PutSession put:
                PutSession(transaction, put);
                break;
            case StoreChange.RemoveSession remove:
                RemoveSession(transaction, remove);
                break;
            case StoreChange.Together together:
                // A commit is one transaction here.
                foreach (StoreChange part in together.Parts)
                {
                    Apply(transaction, part);
                }

                break;
            case StoreChange.PutItem put:
                Put(
                    _putItem, StoreTable.Items, transaction, (long)put.SessionId, put.Key, put.Value.ToArray(), (long)put.Revision);
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
                PutMeta(transaction, "lengthened_term_ms", put.LengthenedTermMs);
                PutMeta(transaction, "is_restored", put.IsRestored ? 1 : 0);
                break;
            case StoreChange.PutAssignment put:
                Put(
                    _putAssignment, StoreTable.Assignments, transaction, (long)put.Kind, put.ObjectName, (long)put.SessionId);
                break;
            case StoreChange.RemoveAssignment remove:
                Run(_removeAssignment, transaction, (long)remove.Kind, remove.ObjectName, (long)remove.SessionId);
                break;
            case StoreChange.PutEnd put:
                PutEnd(transaction, put.End);
                break;
            case StoreChange.RemoveEnd remove:
                Run(_removeEnd, transaction, (long)remove.Revision);
                break;
            case StoreChange.PutDrain { Drain: var drain }:
                Put(
                    _putDrain, StoreTable.Drains, transaction, drain.Identity, drain.Reason, drain.SinceUnixMs, drain.MovesObjects ? 1L : 0L,
                    drain.RevokesSession ? 1L : 0L);
                break;
            case StoreChange.RemoveDrain remove:
                Run(_removeDrain, transaction, remove.Identity);
                break;
            default:
                throw new InvalidOperationException($"no statement for {change.GetType()}");
        }
    }

    private void PutSession(SqliteTransaction transaction, StoreChange.PutSession put) => Put(
        _putSession, StoreTable.Sessions, transaction, (long)put.Key.SessionId, (long)put.Key.Epoch, (long)put.Key.Nonce, put.Description.Identity,
        put.Description.HostName, (long)put.Description.ProcessId, (long)put.Description.Capabilities,
        EndpointText.Write(put.Description.Endpoints), (long)put.TermMs, BytesOf(put.SecretHash), put.IsRevoked ? 1L : 0L,
        put.RevokeReason, (long)put.Description.Weight,
        put.SuspectMs is { } suspectMs ? (long)suspectMs : DBNull.Value);

    // What its master remembers is not what is stored, so nothing of the batch is right.
    private void RemoveSession(SqliteTransaction transaction, StoreChange.RemoveSession remove)
    {
        int removed = 0;
        foreach (SqliteCommand command in _removeSession)
        {
            removed = Run(command, transaction, (long)remove.SessionId, (long)remove.Epoch);
        }

        if (removed == 0)
        {
            throw new SessionException(
                SessionStatus.NotLeader,
                $"session {remove.SessionId:x16} of epoch {remove.Epoch} is not in the store: another master has led on it");
        }

        if (remove.End is { } end)
        {
            PutEnd(transaction, end);
        }
    }

    private void PutEnd(SqliteTransaction transaction, SessionEnd end) => Put(
        _putEnd, StoreTable.Ends, transaction, (long)end.Revision, (long)end.SessionId, (long)end.Epoch, end.Identity, end.HostName,
        (long)end.ProcessId, end.PeerAddress, (long)end.Reason, end.Text, end.EndedUnixMs, end.SilentMs, end.IsHeard ? 1L : 0L,
        end.IsGateClosed ? 1L : 0L);

    private void PutWrites(SqliteTransaction transaction, StoreChange.PutWrites? put)
    {
        if (put != null)
        {
            Put(
                _putWrites, StoreTable.Writes, transaction, (long)put.SessionId, (long)put.Nonce, (long)put.Log.FirstUnfinished,
                WriteAnswers.ToBytes(put.Log.Answers));
        }
    }

    private static byte[] BytesOf(SecretHash hash)
    {
        byte[] bytes = new byte[SecretHash.Bytes];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, hash.Value);
        return bytes;
    }

    private static void Put(
        SqliteCommand command, StoreTable table, SqliteTransaction transaction, params ReadOnlySpan<object> values) =>
        Run(command, transaction, [.. values, RowChecksum.Of(table.Name, values)]);

    private static int Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command.ExecuteNonQuery();
    }

    private SqliteCommand PreparePut(StoreTable table) => Prepare(table.Put, table.Columns.Length + 1);

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
