using System;
using System.ComponentModel;
using System.IO;
using Interop.Sessions.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>
/// A store's file, held for as long as this object lives by a lock that no other code of the process can drop: SQLite's own
/// lock belongs to the process and is gone when anybody in it closes the file.
/// </summary>
/// <remarks>
/// It is on the bytes that SQLite locks (sqlite.org/fileformat2.html#the_lock_byte_page; os.h: PENDING_BYTE and what
/// follows), so every other SQLite finds the file locked.
/// </remarks>
internal sealed class StoreFile : IDisposable
{
    private const long LockStart = 0x40000000;
    private const long LockLength = 512;
    private const uint OwnerOnly = 0x180; // rw-------

    private readonly SafeFileHandle _file;
    private readonly string _asked;
    private SafeFileHandle? _log;

    private StoreFile(SafeFileHandle file, string asked, string path)
    {
        _file = file;
        _asked = asked;
        Path = path;
    }

    /// <summary>Where it is, without links on the way: SQLite puts the log beside it there.</summary>
    internal string Path { get; }

    /// <summary>The write-ahead log.</summary>
    internal string LogPath => Path + "-wal";

    /// <summary>Opens and locks a file.</summary>
    /// <param name="path">In full.</param>
    /// <param name="create">A file that is missing or empty shall become a new store.</param>
    /// <param name="logger">Where it goes that rights were narrowed.</param>
    /// <exception cref="SessionException">Store*.</exception>
    internal static StoreFile Open(string path, bool create, ILogger logger)
    {
        SafeFileHandle? file = null;
        try
        {
            bool isNew = NativeFile.Look(path) == null;
            if (isNew && !create)
            {
                throw StoreTexts.NothingThere(path, "missing");
            }

            file = NativeFile.Open(path, create: isNew, OwnerOnly);
            FileFacts facts = NativeFile.Look(file);
            if (!facts.IsRegular)
            {
                throw new SessionException(SessionStatus.StoreFailed, $"store '{path}' is no regular file");
            }

            StoreFile store = new(file, path, RealPathOf(file, path));
            RequireLock(file, path, "it");
            store.TakeLog(logger);
            if (facts.Sight.Bytes == 0)
            {
                store.RequireNew(create);
            }

            if (isNew)
            {
                store.GiveToFolderOwner();
            }

            Narrow(file, path, isNew, logger);
            return store;
        }
        catch (Win32Exception error)
        {
            file?.Dispose();
            throw new SessionException(StatusOf(error), $"store '{path}' cannot be opened: {error.Message}", error);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Holds a file against masters while it is read, and changes nothing of it; null: it cannot be written, so none is there.</summary>
    /// <exception cref="SessionException">StoreLocked.</exception>
    internal static SafeFileHandle? HoldUnchanged(string path)
    {
        SafeFileHandle file;
        try
        {
            file = NativeFile.Open(path, create: false, OwnerOnly);
        }
        catch (Win32Exception error) when (StatusOf(error) == SessionStatus.StoreReadOnly)
        {
            return null;
        }

        try
        {
            RequireLock(file, path, "it");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Holds the log too, once SQLite has made it: no other file's master must take it for its own.</summary>
    /// <exception cref="SessionException">StoreLocked.</exception>
    internal void TakeLog(ILogger logger)
    {
        if (_log != null || NativeFile.Look(LogPath) == null)
        {
            return;
        }

        _log = NativeFile.Open(LogPath, create: false, OwnerOnly);
        RequireLock(_log, Path, "its log");
        Narrow(_log, LogPath, isNew: false, logger);
    }

    /// <summary>Sees what is there now.</summary>
    /// <exception cref="Win32Exception">Nobody can tell.</exception>
    internal StoreSight Look() => new(
        NativeFile.Look(_file).Sight, NativeFile.Look(_asked)?.Sight, NativeFile.Look(LogPath)?.Sight);

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        if (_log != null)
        {
            NativeFile.Unlock(_log, LockStart, LockLength);
            _log.Dispose();
        }

        if (!_file.IsClosed)
        {
            NativeFile.Unlock(_file, LockStart, LockLength);
            _file.Dispose();
        }
    }

    private static void RequireLock(SafeFileHandle file, string path, string what)
    {
        if (!NativeFile.TryLock(file, LockStart, LockLength))
        {
            throw new SessionException(
                SessionStatus.StoreLocked, $"store '{path}' is locked: another process has {what} open");
        }
    }

    private static void Narrow(SafeFileHandle file, string path, bool isNew, ILogger logger)
    {
        uint mode = NativeFile.Look(file).Mode;
        if (mode == OwnerOnly)
        {
            return;
        }

        try
        {
            NativeFile.Narrow(file, OwnerOnly);
        }
        catch (Win32Exception error)
        {
            // Another user's file, or a file system without modes: no reason not to serve.
            MasterLog.StoreNotNarrowed(logger, path, Convert.ToString(mode, 8), error.Message);
            return;
        }

        if (!isNew)
        {
            MasterLog.StoreNarrowed(logger, path, Convert.ToString(mode, 8));
        }
    }

    // A file behind a link or in another mount is where the descriptor says, not where the path was.
    private static string RealPathOf(SafeFileHandle file, string path) =>
        new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget is { } target && target.StartsWith('/')
            ? target
            : path;

    private static SessionStatus StatusOf(Win32Exception error) => error.NativeErrorCode switch
    {
        NativeFile.NoAccess or NativeFile.NotPermitted or NativeFile.ReadOnlyDisk => SessionStatus.StoreReadOnly,
        _ => SessionStatus.StoreFailed,
    };

    private void RequireNew(bool create)
    {
        if (!create)
        {
            throw StoreTexts.NothingThere(Path, "empty");
        }

        // SQLite would delete the log that belongs to an empty file, with all that was acknowledged in it.
        if (NativeFile.Look(LogPath)?.Sight.Bytes > 0)
        {
            throw new SessionException(
                SessionStatus.StoreFailed,
                $"store '{Path}' is empty, but its log '{LogPath}' is not: it was truncated. {StoreTexts.WayOutOf(Path)}; " +
                "or remove both and begin a new cluster");
        }
    }

    // The superuser's own file would be one that the service cannot open.
    private void GiveToFolderOwner()
    {
        if (Environment.IsPrivilegedProcess && NativeFile.Look(System.IO.Path.GetDirectoryName(Path) ?? "/") is { } folder)
        {
            NativeFile.Give(_file, folder.User, folder.Group);
        }
    }
}
