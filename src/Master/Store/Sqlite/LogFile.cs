using System;
using System.IO;
using Interop.Sessions.Store;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>Reads a write-ahead log that a master left behind when it was killed.</summary>
internal static class LogFile
{
    /// <summary>What is damaged in it; null: nothing, or there is none.</summary>
    internal static string? DamageOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream log = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] header = new byte[LogCheck.HeaderBytes];
        if (log.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            // Nothing was committed to it.
            return null;
        }

        if (!header.AsSpan().ContainsAnyExcept((byte)0))
        {
            // A file grows before it has a content: nor to this one.
            return null;
        }

        LogCheck check = new(header);
        byte[] frame = new byte[LogCheck.FrameHeaderBytes + check.PageBytes];
        while (check.Damage == null && log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            check.Add(frame);
        }

        return check.Damage;
    }
}
