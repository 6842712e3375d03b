using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Data;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>
/// The embedded store: one SQLite file, one master (a lock of its own), WAL and synchronous=FULL, so that a commit that
/// returned survives a power loss (sqlite.org/pragma.html#pragma_synchronous).
/// </summary>
/// <remarks>
/// SQLite is told not to lock (vfs unix-none): <see cref="StoreFile"/> does, and <see cref="StoreWatch"/> notices programs that
/// ignore locks.
/// </remarks>
public sealed partial class SqliteSessionStore : ISessionStore
{
    private readonly StoreFile _file;
    private readonly StoreWatch _watch;
    private readonly SqliteConnection _connection;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly Statements _statements;
    private readonly LogEndFile _logEnd;
    private long _masterEpoch;
    private long _revision;

    /// <summary>The format of the store once the commit is made that an import fills it with; null: there is no import.</summary>
    private StoreFormat? _imported;
    private bool _isDisposed;

    /// <summary>Opens a store and takes its lock.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Beyond, commits answer StoreFull; 0: <see cref="Limits.DefaultStoreBytes"/>.</param>
    /// <param name="create">A file that is missing or empty becomes a new store; otherwise it is refused.</param>
    /// <param name="logger">Where it goes what happens to the file; null: nowhere.</param>
    /// <exception cref="SessionException">Store*.</exception>
    public SqliteSessionStore(string path, ulong maxBytes, bool create, ILogger? logger = null)
        : this(path, maxBytes, create, isImport: false, logger)
    {
    }

    private SqliteSessionStore(string path, ulong maxBytes, bool create, bool isImport, ILogger? logger)
    {
        _path = path;
        _logger = logger ?? NullLogger.Instance;
        // In full: ":memory:" or "file:x?mode=memory" would be a store that forgets.
        _file = StoreFile.Open(Path.GetFullPath(path), create, _logger);
        _watch = new StoreWatch(_file, _logger);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _file.Path,
            Vfs = "unix-none",
            Pooling = false,
        }.ConnectionString);
        try
        {
            (_statements, _logEnd) = Guard(() =>
            {
                RequireSoundLog();
                _connection.Open();
                RequireWritable();
                Configure(maxBytes, create, isImport);
                _file.TakeLog(_logger);
                return (new Statements(_connection), LogEndFile.Follow(_connection.Handle!.DangerousGetHandle(), _file.Path));
            });
            _watch.NoteBeginning();
        }
        catch
        {
            KeepLog();
            _connection.Dispose();
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool IsLost => _watch.Loss != null;

    /// <inheritdoc/>
    public bool IsWatched => true;

    /// <inheritdoc/>
    public string? Look() => _watch.Look();

    /// <inheritdoc/>
    public StoreSnapshot Lead(LeadRequest request) => Write(() => Begin(request, ReadFormat().LedBy(request)));

    private StoreSnapshot Begin(LeadRequest request, StoreFormat format)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        Dictionary<string, long> meta = ReadMeta();
        ulong formerRevision = (ulong)meta["revision"];
        (ulong masterEpoch, ulong revision) = request.Count((ulong)meta["master_epoch"], formerRevision, $"store '{_path}'");
        _masterEpoch = (long)masterEpoch;
        _revision = (long)revision;
        WriteMeta("master_epoch", _masterEpoch);
        WriteMeta("revision", _revision);
        WriteFormat(format);
        Commit(transaction);
        return Load() with { FormerRevision = formerRevision };
    }

    /// <summary>What is stored, without leading.</summary>
    internal StoreSnapshot Read() => Guard(() =>
    {
        _masterEpoch = ReadMeta()["master_epoch"];
        return Load();
    });

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<StoreChange> changes, ulong revision) => Write(() =>
    {
        Debug.Assert(ChangeRules.FaultOf(changes) == null, "a store was given what it cannot keep", ChangeRules.FaultOf(changes));
        using SqliteTransaction transaction = _connection.BeginTransaction();
        if (!_statements.Leads(transaction, _masterEpoch))
        {
            throw new SessionException(
                SessionStatus.NotLeader, $"master epoch {_masterEpoch} no longer leads on store '{_path}'");
        }

        long counted = Math.Max(_revision, (long)revision);
        _statements.PutMeta(transaction, "revision", counted);
        foreach (StoreChange change in changes)
        {
            _statements.Apply(transaction, change);
        }

        if (_imported is { } imported)
        {
            WriteFormat(imported);
        }

        Commit(transaction);
        _imported = null;
        _revision = counted;
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _watch.Look();
        if (IsLost)
        {
            LeaveBehind();
        }
        else
        {
            NoteCleanEnd();
        }

        _statements.Dispose();
        _connection.Dispose();
        _logEnd.Dispose();
        _file.Dispose();
    }

    // SQLite deletes the log when it is closed. Where the file cannot say that it needs none, the log stays.
    private void NoteCleanEnd()
    {
        try
        {
            NoteUse(0);
        }
        catch (SqliteException)
        {
            KeepLog();
            return;
        }

        LogEndFile.Remove(_file.Path);
    }

    // At its close SQLite leaves both files as they are.
    private void KeepLog()
    {
        if (_connection.State == ConnectionState.Open)
        {
            raw.sqlite3_db_config(_connection.Handle, NoCheckpointOnClose, 1, out _);
        }
    }

    /// <summary>
    /// The store is lost: at its close SQLite would write into a file, and delete a log, that may be another's by now.
    /// </summary>
    private void LeaveBehind()
    {
        try
        {
            KeepLog();
            (bool isFileOwn, bool isLogOwn) = _watch.Content();
            if (isFileOwn && isLogOwn)
            {
                // Moved away with all that was acknowledged; and the log that stays fits no other file.
                NoteUse(0);
                Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            else if (isLogOwn)
            {
                // The log belongs to a content that is no longer there: applied to the new content, it would mix both.
                File.Move(_file.LogPath, _file.LogPath + ".left", overwrite: true);
            }
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            MasterLog.StoreLeftBehind(_logger, _file.LogPath, error.Message);
        }
    }

    // What is acknowledged is in the file that the next master will open.
    private T Write<T>(Func<T> action)
    {
        _watch.BeginWriting();
        T result;
        try
        {
            result = Guard(action);
            _logEnd.Note();
        }
        finally
        {
            _watch.EndWriting();
        }

        _watch.RequireKept();
        return result;
    }

    // Before SQLite sees it: it takes damage for an end, and forgets what is behind, and a file that is cut off in its header for
    // one in which nothing ever was.
    private void RequireSoundLog()
    {
        if (_file.Look().Held.Bytes is > 0 and < SmallestFile and long bytes)
        {
            throw Damaged($"it was cut off after {bytes} bytes");
        }

        if (LogFile.DamageOf(_file.Path) is { } damage)
        {
            throw Damaged($"in its log '{_file.LogPath}' {damage}");
        }
    }

    // SQLite opens what it may only read without a word, and then fails at whatever needs the lock.
    private void RequireWritable()
    {
        if (raw.sqlite3_db_readonly(_connection.Handle, "main") == 1)
        {
            throw new SessionException(
                SessionStatus.StoreReadOnly,
                $"store '{_path}' cannot be written: its header asks for a later SQLite, or is damaged. {StoreTexts.WayOutOf(_path)}");
        }
    }

    /// <summary>
    /// A transaction whose sync failed may be in the log all the same, as may one that failed later still, and the master that
    /// opens the store next finds it made. Of a disk that is full or cannot be written the log has no end of the transaction.
    /// </summary>
    private void Commit(SqliteTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (SqliteException error) when (IsOverQuota(error))
        {
            throw new SessionException(SessionStatus.StoreFull, $"store '{_path}': the disk's quota is used up", error);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is not (SqliteFull or SqliteReadOnly))
        {
            throw new SessionException(
                SessionStatus.StoreFailed, $"store '{_path}': {error.Message}, and it is not known whether it was made", error)
            {
                IsOutcomeUnknown = true,
            };
        }
    }

    // SQLite knows of full disks, and not of full quotas.
    private bool IsOverQuota(SqliteException error) =>
        error.SqliteExtendedErrorCode == SqliteIoErrorWrite && SystemError(_connection.Handle!.DangerousGetHandle()) == QuotaUsedUp;

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_system_errno")]
    private static partial int SystemError(nint connection);

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new SessionException(SessionStatus.StoreFailed, $"store '{_path}': {error.Message}", error);
        }
        catch (SqliteException error)
        {
            string wayOut = error.SqliteErrorCode is SqliteError or SqliteCorrupt or SqliteNotADatabase
                ? $"; it is damaged, or no store. {StoreTexts.WayOutOf(_path)}"
                : "";
            throw new SessionException(StatusOf(error), $"store '{_path}': {error.Message}{wayOut}", error);
        }
    }

    // Result codes: sqlite.org/rescode.html
    private SessionStatus StatusOf(SqliteException error) => error.SqliteErrorCode switch
    {
        SqliteFull => SessionStatus.StoreFull,
        SqliteReadOnly => SessionStatus.StoreReadOnly,
        SqliteCannotOpen when Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(_path))) &&
            !Directory.Exists(_path) => SessionStatus.StoreReadOnly,
        _ => SessionStatus.StoreFailed,
    };

    private const int SmallestFile = 512; // A page.
    private const int SqliteError = 1; // Also of a header that it does not know.
    private const int SqliteReadOnly = 8;
    private const int SqliteIoErrorWrite = 778;
    private const int QuotaUsedUp = 122; // EDQUOT
    private const int SqliteCorrupt = 11;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;
    private const int SqliteNotADatabase = 26;
    private const int NoCheckpointOnClose = 1006;
}
