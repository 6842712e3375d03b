using System;
using System.Buffers.Binary;
using System.IO;
using Interop.Sessions.Store;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>Reads a write-ahead log that a master left behind when it was killed.</summary>
internal static class LogFile
{
    /// <summary>Where a SQLite file has the number of the program that it belongs to (sqlite.org/fileformat2.html).</summary>
    private const int ApplicationIdAt = 68;

    /// <summary>
    /// In a store's file as long as a master has it open: so that a log which is no longer there is missed. "open" in ASCII.
    /// </summary>
    internal const int InUse = 0x6f70656e;

    /// <summary>What is damaged in the log of a store, or missing; null: nothing, or there is none and needs to be none.</summary>
    internal static string? DamageOf(string store)
    {
        string path = store + "-wal";
        bool isNeeded = IsInUse(store);
        if (!File.Exists(path))
        {
            return isNeeded ? "it is missing, and its master did not stop cleanly" : null;
        }

        using FileStream log = OpenShared(path);
        byte[] header = new byte[LogCheck.HeaderBytes];
        if (log.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length ||
            !header.AsSpan().ContainsAnyExcept((byte)0))
        {
            // Nothing was committed to it: a file grows before it has a content.
            return isNeeded ? "there is nothing in it, and its master did not stop cleanly" : null;
        }

        LogCheck check = new(header);
        byte[] frame = new byte[LogCheck.FrameHeaderBytes + check.PageBytes];
        while (check.Damage == null && log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            check.Add(frame);
        }

        return LogEndFile.Read(store) is { } end ? end.DamageOf(check, LogEndFile.Boot) : check.Damage;
    }

    internal static FileStream OpenShared(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Did a master have a file open that did not stop cleanly, or has it still?</summary>
    internal static bool IsInUse(string store)
    {
        using FileStream file = OpenShared(store);
        byte[] header = new byte[100];
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length &&
            BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(ApplicationIdAt)) == InUse;
    }
}
