using System;
using System.Buffers.Binary;
using System.ComponentModel;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Store;
using Microsoft.Win32.SafeHandles;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>
/// Notes after each commit, in a small file beside the store, how far its log went. It is not synchronized: after a power loss it
/// may be an older one, which claims less; the log itself is synchronized before it.
/// </summary>
internal sealed unsafe partial class LogEndFile : IDisposable
{
    private const uint OwnerOnly = 0x180; // rw-------
    private const int CheckpointPages = 1000; // As SQLite does by itself (sqlite.org/wal.html, Automatic Checkpoint).
    private const int Passive = 0;

    private readonly SafeFileHandle _file;
    private readonly string _store;
    private GCHandle _self;
    private int _pages;

    private LogEndFile(SafeFileHandle file, string store)
    {
        _file = file;
        _store = store;
    }

    /// <summary>Since when this machine runs, by a number that no two starts share; 0: nobody says so.</summary>
    internal static ulong Boot { get; } = ReadBoot();

    /// <summary>Begins to follow the commits of a connection.</summary>
    internal static LogEndFile Follow(nint connection, string store)
    {
        SafeFileHandle file = NativeFile.Open(PathOf(store), create: true, OwnerOnly);
        if (NativeFile.Look(file).Mode != OwnerOnly)
        {
            // Made by somebody whose umask leaves the next start no right to write.
            SetMode(file);
        }

        if (Environment.IsPrivilegedProcess && NativeFile.Look(store) is { } facts)
        {
            // The superuser's own would be one that the service cannot write, once he was killed and it is left.
            NativeFile.Give(file, facts.User, facts.Group);
        }

        LogEndFile end = new(file, store);
        end.ForgetOther();
        end._self = GCHandle.Alloc(end);
        SetHook(connection, &Committed, GCHandle.ToIntPtr(end._self));
        return end;
    }

    /// <summary>What was noted last; null: nothing, or it is damaged.</summary>
    internal static LogEnd? Read(string store)
    {
        if (!File.Exists(PathOf(store)))
        {
            return null;
        }

        using FileStream file = LogFile.OpenShared(PathOf(store));
        byte[] bytes = new byte[LogEnd.Bytes];
        return LogEnd.Read(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    /// <summary>The last commit is in the log. A note that cannot be written leaves the one before, which is true too.</summary>
    internal void Note()
    {
        try
        {
            if (_pages == 0)
            {
                return;
            }

            if (ReadSalts() is { } salts)
            {
                Span<byte> bytes = stackalloc byte[LogEnd.Bytes];
                new LogEnd(salts, _pages, Boot).Write(bytes);
                RandomAccess.Write(_file, bytes, 0);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nothing that was acknowledged depends on it.
        }
    }

    /// <summary>No log is left that it could tell of.</summary>
    internal static void Remove(string store) => File.Delete(PathOf(store));

    /// <summary>To be called when the connection is closed.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private static void SetMode(SafeFileHandle file)
    {
        try
        {
            NativeFile.Narrow(file, OwnerOnly);
        }
        catch (Win32Exception)
        {
            // A file system without modes.
        }
    }

    // A log that was recovered with nothing in it begins anew with numbers that follow no others.
    private void ForgetOther()
    {
        if (Read(_store) is { } noted && noted.Salts != ReadSalts())
        {
            RandomAccess.Write(_file, new byte[LogEnd.Bytes], 0);
        }
    }

    private ulong? ReadSalts()
    {
        byte[] salts = new byte[sizeof(ulong)];
        using SafeFileHandle log = File.OpenHandle(_store + "-wal", share: FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(log, salts, LogCheck.SaltsAt) == salts.Length ? BinaryPrimitives.ReadUInt64BigEndian(salts) : null;
    }

    private static ulong ReadBoot()
    {
        try
        {
            Guid boot = Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id"));
            return BinaryPrimitives.ReadUInt64LittleEndian(boot.ToByteArray());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    private static string PathOf(string store) => store + "-end";

    // In the place of SQLite's own, which only brings the log into the file when it has grown.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Committed(nint self, nint connection, byte* database, int pages)
    {
        ((LogEndFile)GCHandle.FromIntPtr(self).Target!)._pages = pages;
        if (pages >= CheckpointPages)
        {
            // What it answers is of no account, as in SQLite's own hook: what a hook returns becomes the answer to the commit, which is made.
            _ = Checkpoint(connection, database, Passive, null, null);
        }

        return 0;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_wal_hook")]
    private static partial nint SetHook(
        nint connection, delegate* unmanaged[Cdecl]<nint, nint, byte*, int, int> hook, nint argument);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_wal_checkpoint_v2")]
    private static partial int Checkpoint(nint connection, byte* database, int mode, int* pages, int* checkpointed);
}
