using System;
using System.Buffers.Binary;

namespace Interop.Sessions.Store;

/// <summary>
/// How far a write-ahead log went when a commit was acknowledged. A log by itself cannot tell that its end is gone: it looks as
/// one that never went further. Nor can it tell damage from what transactions have left that failed one after the other.
/// </summary>
/// <param name="Salts">Which use of the log's file.</param>
/// <param name="Frames">How many frames were committed.</param>
/// <param name="Boot">Since when the machine ran that noted it; 0: not known.</param>
public readonly record struct LogEnd(ulong Salts, long Frames, ulong Boot)
{
    /// <summary>Bytes of it in a file.</summary>
    public const int Bytes = 32;

    private const int ChecksumAt = 24;

    /// <summary>Few enough that the random number of another store's log is hardly among them.</summary>
    private const uint LaterUses = 1 << 16;

    /// <summary>As bytes, with their checksum.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Salts);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Frames);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Boot);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[ChecksumAt..], ChecksumOf(bytes));
    }

    /// <summary>From bytes; null: they are damaged, or none were written, so that nothing is known.</summary>
    public static LogEnd? Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Bytes && BinaryPrimitives.ReadUInt64LittleEndian(bytes[ChecksumAt..]) == ChecksumOf(bytes)
            ? new LogEnd(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]))
            : null;

    /// <summary>
    /// What is damaged in a log, or missing; null: nothing that was acknowledged. A master that opens a store forgets a note that does not
    /// fit its log.
    /// </summary>
    /// <param name="log">All of it.</param>
    /// <param name="boot">Since when the machine runs; 0: not known.</param>
    public string? DamageOf(LogCheck log, ulong boot)
    {
        // After a power loss this may be an older note.
        bool isExact = Boot != 0 && Boot == boot;
        if (log.PageBytes == 0 || log.Salts != Salts)
        {
            // Each use of the file counts the first of both numbers. One of them may have begun with a commit that nobody noted, and the disk
            // may have refused notes for a while: a later log is not an older one that was put in its place.
            uint ahead = (uint)(log.Salts >> 32) - (uint)(Salts >> 32);
            bool isLater = ahead is > 0 and <= LaterUses;
            return log.Damage ?? (isLater || !isExact ? null : "it is the log of another store, or of another time");
        }

        if (log.CommittedFrames < Frames)
        {
            return $"frame {log.CommittedFrames + 1} is damaged or cut off, and transactions that were acknowledged go to frame {Frames}";
        }

        return isExact ? null : log.Damage;
    }

    private static ulong ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        ulong hash = Fnv1a.Basis;
        foreach (byte value in bytes[..ChecksumAt])
        {
            hash = Fnv1a.With(hash, value);
        }

        return hash;
    }
}
