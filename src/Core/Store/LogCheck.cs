using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;

namespace Interop.Sessions.Store;

/// <summary>
/// Tells a write-ahead log that is damaged from one whose last transaction was cut off. SQLite takes both for the latter: it
/// ends a log at the first frame that is wrong, and forgets all that was acknowledged behind it.
/// </summary>
/// <remarks>
/// Format: sqlite.org/fileformat2.html#walformat. Each frame's checksum goes on from that of the frame before, so a frame
/// behind a broken one is known by the checksum that stands in its predecessor. With synchronous=FULL a transaction begins
/// only when the one before is on the disk: what a crash may leave torn is one transaction, and no page is twice in it.
/// </remarks>
public sealed class LogCheck
{
    /// <summary>Bytes before the first frame.</summary>
    public const int HeaderBytes = 32;

    /// <summary>Bytes of a frame before its page.</summary>
    public const int FrameHeaderBytes = 24;

    /// <summary>Where a header has the numbers that tell one use of the file from the next.</summary>
    public const int SaltsAt = 16;

    private const uint LittleEndianMagic = 0x377f0682;
    private readonly bool _isBigEndian;
    private readonly ulong _salts;
    private readonly HashSet<uint> _openPages = [];
    private Checksum _previous;
    private long _frames;
    private long _brokenFrame;
    private bool _isCommitBehindBreak;

    /// <summary>Begins with a log's header.</summary>
    /// <param name="header">Its first <see cref="HeaderBytes"/>.</param>
    public LogCheck(ReadOnlySpan<byte> header)
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        _isBigEndian = (magic & 1) != 0;
        _salts = BinaryPrimitives.ReadUInt64BigEndian(header[SaltsAt..]);
        _previous = new Checksum(header[24..]);
        uint pageBytes = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        if ((magic & ~1U) != LittleEndianMagic || pageBytes is < 512 or > 65536 || !BitOperations.IsPow2(pageBytes) ||
            default(Checksum).With(header[..24], _isBigEndian) != _previous)
        {
            Damage = "its header is damaged";
            return;
        }

        PageBytes = (int)pageBytes;
    }

    /// <summary>Bytes of a page; 0: the header is damaged.</summary>
    public int PageBytes { get; }

    /// <summary>The numbers of this use of the file, which all its frames have.</summary>
    public ulong Salts => _salts;

    /// <summary>Frames of whole transactions, before any that is broken.</summary>
    public long CommittedFrames { get; private set; }

    /// <summary>What is damaged; null: nothing that was acknowledged, as far as can be told.</summary>
    public string? Damage { get; private set; }

    /// <summary>Takes the next frame.</summary>
    /// <param name="frame">Its header and page.</param>
    public void Add(ReadOnlySpan<byte> frame)
    {
        _frames++;
        uint page = BinaryPrimitives.ReadUInt32BigEndian(frame);
        bool isCommit = BinaryPrimitives.ReadUInt32BigEndian(frame[4..]) != 0;
        ulong foreignBits = BinaryPrimitives.ReadUInt64BigEndian(frame[8..]) ^ _salts;
        Checksum stored = new(frame[16..]);
        bool isLinked = foreignBits == 0 && page != 0 &&
            _previous.With(frame[..8], _isBigEndian).With(frame[FrameHeaderBytes..], _isBigEndian) == stored;
        _previous = stored;
        if (_brokenFrame == 0 && isLinked)
        {
            _openPages.Add(page);
            if (isCommit)
            {
                _openPages.Clear();
                CommittedFrames = _frames;
            }
        }
        else
        {
            AddBehindBreak(page, isCommit, isLinked, BitOperations.PopCount(foreignBits) <= 1);
        }
    }

    private void AddBehindBreak(uint page, bool isCommit, bool isLinked, bool isOfThisLog)
    {
        if (isLinked && (_isCommitBehindBreak || _openPages.Contains(page)))
        {
            Damage ??= $"frame {_brokenFrame} is damaged, and transactions that were acknowledged follow it";
        }

        if (_brokenFrame == 0)
        {
            _brokenFrame = _frames;
        }

        // A frame of an earlier use of the file, which the torn transaction would have overwritten, says nothing; the broken
        // one may differ in one bit.
        if (isLinked || (_brokenFrame == _frames && isOfThisLog))
        {
            _openPages.Add(page);
            _isCommitBehindBreak |= isCommit;
        }
    }

    /// <summary>SQLite's checksum of words, two at a time.</summary>
    private readonly record struct Checksum(uint First, uint Second)
    {
        internal Checksum(ReadOnlySpan<byte> stored)
            : this(BinaryPrimitives.ReadUInt32BigEndian(stored), BinaryPrimitives.ReadUInt32BigEndian(stored[4..]))
        {
        }

        internal Checksum With(ReadOnlySpan<byte> bytes, bool isBigEndian)
        {
            (uint first, uint second) = (First, Second);
            for (int at = 0; at < bytes.Length; at += 8)
            {
                first += Word(bytes[at..], isBigEndian) + second;
                second += Word(bytes[(at + 4)..], isBigEndian) + first;
            }

            return new Checksum(first, second);
        }

        private static uint Word(ReadOnlySpan<byte> bytes, bool isBigEndian) => isBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
