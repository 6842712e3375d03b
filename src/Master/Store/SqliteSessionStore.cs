using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Interop.Sessions.Master.Store;

/// <summary>
/// The embedded store: one SQLite file, one process (an exclusive lock), WAL and synchronous=FULL, so that a commit that
/// returned survives a power loss (sqlite.org/pragma.html#pragma_synchronous).
/// </summary>
public sealed partial class SqliteSessionStore : ISessionStore
{
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly Statements _statements;
    private long _masterEpoch;

    /// <summary>Opens or creates a store and takes its lock.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Beyond, commits answer StoreFull; 0: the disk's limit.</param>
    public SqliteSessionStore(string path, ulong maxBytes)
    {
        _path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            // In full: ":memory:" or "file:x?mode=memory" would be a store that forgets.
            DataSource = Path.GetFullPath(path),
            Pooling = false,
            // Another process keeps its lock for life: waiting helps nobody. Seconds; 0 would wait for ever.
            DefaultTimeout = 1,
        }.ConnectionString);
        try
        {
            _statements = Guard(() =>
            {
                _connection.Open();
                RequireWritable();
                Configure(maxBytes);
                return new Statements(_connection);
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public StoreSnapshot Lead(LeadRequest request) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        ulong formerRevision = (ulong)ReadMeta("revision");
        (ulong masterEpoch, ulong revision) = request.Count(
            (ulong)ReadMeta("master_epoch"), formerRevision, $"store '{_path}'");
        _masterEpoch = (long)masterEpoch;
        WriteMeta("master_epoch", _masterEpoch);
        WriteMeta("revision", (long)revision);
        WriteFormat(ReadFormat().LedBy(request));
        transaction.Commit();
        return Load() with { FormerRevision = formerRevision };
    });

    /// <summary>What is stored, without leading.</summary>
    internal StoreSnapshot Read() => Guard(() =>
    {
        _masterEpoch = ReadMeta("master_epoch");
        return Load();
    });

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<StoreChange> changes, ulong revision) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        if (_statements.RaiseRevision(transaction, (long)revision, _masterEpoch) != 1)
        {
            throw new SessionException(
                SessionStatus.NotLeader, $"master epoch {_masterEpoch} no longer leads on store '{_path}'");
        }

        foreach (StoreChange change in changes)
        {
            _statements.Apply(transaction, change);
        }

        transaction.Commit();
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
    }

    // SQLite opens what it may only read without a word, and then fails at whatever needs the lock.
    private void RequireWritable()
    {
        if (raw.sqlite3_db_readonly(_connection.Handle, "main") == 1)
        {
            throw new SessionException(SessionStatus.StoreReadOnly, $"store '{_path}' cannot be written");
        }
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException error)
        {
            throw new SessionException(StatusOf(error), $"store '{_path}': {error.Message}", error);
        }
    }

    // Result codes: sqlite.org/rescode.html
    private SessionStatus StatusOf(SqliteException error) => error.SqliteErrorCode switch
    {
        SqliteFull => SessionStatus.StoreFull,
        SqliteReadOnly => SessionStatus.StoreReadOnly,
        SqliteBusy or SqliteLocked => SessionStatus.StoreLocked,
        SqliteCannotOpen when Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(_path))) &&
            !Directory.Exists(_path) => SessionStatus.StoreReadOnly,
        _ => SessionStatus.StoreFailed,
    };

    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteReadOnly = 8;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;
}
