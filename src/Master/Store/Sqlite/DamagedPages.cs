using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;
using Interop.Sessions.Store;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>
/// The pages of a store whose files are damaged, as they are after its last sound transaction: those of the log before those of
/// the file. Reads only.
/// </summary>
internal sealed class DamagedPages : IDisposable
{
    private const int UsualPageBytes = 4096;
    private const int FirstFreeAt = 32;

    private readonly FileStream _file;
    private readonly FileStream? _log;
    private readonly Dictionary<uint, long> _inLog = [];
    private readonly List<(uint Page, long At)> _behind = [];

    internal DamagedPages(string store)
    {
        _file = LogFile.OpenShared(store);
        _log = File.Exists(store + "-wal") ? LogFile.OpenShared(store + "-wal") : null;
        LogDamage = LogFile.DamageOf(store);
        byte[] header = new byte[LogCheck.HeaderBytes];
        bool hasLog = _log?.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length;
        LogCheck? check = hasLog ? new LogCheck(header) : null;
        PageBytes = OwnPageBytes() ?? (check?.PageBytes is > 0 and int logged ? logged : UsualPageBytes);
        if (check != null)
        {
            ReadLog(check);
        }

        Count = (uint)(_file.Length / PageBytes);
    }

    internal int PageBytes { get; }

    /// <summary>Pages of the file.</summary>
    internal uint Count { get; }

    /// <summary>What is damaged in the log, or missing; null: nothing.</summary>
    internal string? LogDamage { get; }

    /// <summary>A page after the last sound transaction; null: there is none.</summary>
    internal byte[]? Read(uint number) => _inLog.TryGetValue(number, out long at)
        ? ReadAt(_log!, at)
        : number == 0 ? null : ReadAt(_file, (number - 1L) * PageBytes);

    /// <summary>The pages that transactions wrote which follow the damage of the log, in their order.</summary>
    internal IEnumerable<(uint Number, byte[] Page)> BehindDamage() =>
        _behind.Select(frame => (frame.Page, Page: ReadAt(_log!, frame.At)!)).Where(frame => frame.Page != null);

    /// <summary>As <see cref="Read"/>, and of those that follow the damage the last.</summary>
    internal byte[]? ReadLatest(uint number)
    {
        int last = _behind.FindLastIndex(frame => frame.Page == number);
        return last >= 0 ? ReadAt(_log!, _behind[last].At) : Read(number);
    }

    /// <summary>Pages that hold nothing any more, as far as that can be read.</summary>
    internal HashSet<uint> Free()
    {
        HashSet<uint> free = [];
        byte[]? page = Read(1);
        uint next = page == null ? 0 : BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(FirstFreeAt));
        while (next != 0 && free.Add(next) && (page = Read(next)) != null)
        {
            uint leaves = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(4)), (uint)(PageBytes / 4) - 2);
            for (int i = 0; i < leaves; i++)
            {
                free.Add(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(8 + (4 * i))));
            }

            next = BinaryPrimitives.ReadUInt32BigEndian(page);
        }

        return free;
    }

    public void Dispose()
    {
        _file.Dispose();
        _log?.Dispose();
    }

    private void ReadLog(LogCheck check)
    {
        int frameBytes = LogCheck.FrameHeaderBytes + PageBytes;
        byte[] frame = new byte[frameBytes];
        List<(uint Page, long At, ulong Salts)> frames = [];
        while (_log!.ReadAtLeast(frame, frameBytes, throwOnEndOfStream: false) == frameBytes)
        {
            if (check.PageBytes == PageBytes)
            {
                check.Add(frame);
            }

            frames.Add((
                BinaryPrimitives.ReadUInt32BigEndian(frame), _log.Position - PageBytes, BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(8))));
        }

        foreach ((uint page, long at, _) in frames.Take((int)check.CommittedFrames))
        {
            _inLog[page] = at;
        }

        // What an earlier use of the log has left says nothing; a transaction that was cut off was never acknowledged.
        if (LogDamage != null && frames.Count > 0)
        {
            ulong salts = check.PageBytes > 0 ? check.Salts : frames[0].Salts;
            _behind.AddRange(frames.Skip((int)check.CommittedFrames).Where(one => one.Salts == salts).Select(one => (one.Page, one.At)));
        }
    }

    private int? OwnPageBytes()
    {
        byte[] header = new byte[FirstFreeAt];
        _file.Position = 0;
        if (_file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.AsSpan().StartsWith("SQLite format 3\0"u8))
        {
            return null;
        }

        int bytes = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16)) is var stored && stored == 1 ? 65536 : stored;
        return bytes >= 512 && BitOperations.IsPow2(bytes) ? bytes : null;
    }

    private byte[]? ReadAt(FileStream file, long at)
    {
        byte[] page = new byte[PageBytes];
        return RandomAccess.Read(file.SafeFileHandle, page, at) == PageBytes ? page : null;
    }
}
