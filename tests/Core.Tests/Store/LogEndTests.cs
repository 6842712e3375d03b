using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Interop.Sessions.Store;
using Xunit;

namespace Interop.Sessions.Core.Tests.Store;

/// <summary>What is acknowledged is in the log, and what is behind it needs not make sense.</summary>
public sealed class LogEndTests
{
    private const ulong Salts = 0x0000_0007_1234_5678;
    private const ulong Boot = 99;

    [Fact]
    public void It_is_read_as_it_was_written_and_not_when_a_bit_is_another()
    {
        byte[] bytes = new byte[LogEnd.Bytes];
        LogEnd end = new(Salts, 1234, Boot);
        end.Write(bytes);
        Assert.Equal(end, LogEnd.Read(bytes));
        Assert.Null(LogEnd.Read(bytes.AsSpan(1)));
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(LogEnd.Read(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Null(LogEnd.Read(new byte[LogEnd.Bytes]));
    }

    [Fact]
    public void A_log_that_goes_as_far_is_sound_and_one_that_does_not_is_damaged()
    {
        TestLog log = new(Salts);
        log.Add(1, isCommit: false).Add(2, isCommit: true).Add(3, isCommit: true);
        Assert.Null(new LogEnd(Salts, 3, Boot).DamageOf(log.Check(), Boot));
        Assert.Null(new LogEnd(Salts, 2, Boot).DamageOf(log.Check(), Boot));
        string? damage = new LogEnd(Salts, 4, Boot).DamageOf(log.Check(), Boot);
        Assert.Equal("frame 4 is damaged or cut off, and transactions that were acknowledged go to frame 4", damage);
        Assert.NotNull(new LogEnd(Salts, 4, Boot).DamageOf(log.Check(), Boot + 1));
    }

    [Fact]
    public void What_two_failed_transactions_have_left_is_no_damage_as_long_as_the_note_is_exact()
    {
        TestLog log = new(Salts);
        log.Add(1, isCommit: true);
        TestLog failed = log.Copy();
        failed.Add(1, isCommit: false).Add(2, isCommit: false).Add(3, isCommit: false).Add(1, isCommit: true);
        TestLog failedAgain = log.Copy();
        failedAgain.Add(1, isCommit: false, content: 77);
        failedAgain.Follow(failed);

        Assert.NotNull(failedAgain.Check().Damage);
        Assert.Null(new LogEnd(Salts, 1, Boot).DamageOf(failedAgain.Check(), Boot));
        // After a power loss the note may be an older one, and so may what follows it have been acknowledged.
        Assert.NotNull(new LogEnd(Salts, 1, Boot).DamageOf(failedAgain.Check(), Boot + 1));
        Assert.NotNull(new LogEnd(Salts, 1, 0).DamageOf(failedAgain.Check(), 0));
    }

    /// <summary>A disk that refuses notes must not make a sound store one that is refused.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(60_000)]
    public void A_log_of_a_later_use_of_the_file_is_sound_and_another_is_another_s(ulong later)
    {
        TestLog next = new(Salts + (later << 32) + 5);
        next.Add(1, isCommit: true);
        Assert.Null(new LogEnd(Salts, 500, Boot).DamageOf(next.Check(), Boot));

        TestLog far = new(Salts + (70_000UL << 32));
        far.Add(1, isCommit: true);
        Assert.NotNull(new LogEnd(Salts, 500, Boot).DamageOf(far.Check(), Boot));

        TestLog other = new(Salts - (1UL << 32));
        other.Add(1, isCommit: true);
        Assert.Contains("another", new LogEnd(Salts, 500, Boot).DamageOf(other.Check(), Boot), StringComparison.Ordinal);
        Assert.Null(new LogEnd(Salts, 500, Boot).DamageOf(other.Check(), Boot + 1));
    }

    /// <summary>A log as SQLite writes it (sqlite.org/fileformat2.html#walformat), with pages of 512 bytes.</summary>
    private sealed class TestLog
    {
        private const int PageBytes = 512;
        private readonly ulong _salts;
        private readonly byte[] _header = new byte[LogCheck.HeaderBytes];
        private readonly List<byte[]> _frames = [];
        private (uint First, uint Second) _sum;

        internal TestLog(ulong salts)
        {
            _salts = salts;
            BinaryPrimitives.WriteUInt32BigEndian(_header, 0x377f0682);
            BinaryPrimitives.WriteUInt32BigEndian(_header.AsSpan(8), PageBytes);
            BinaryPrimitives.WriteUInt64BigEndian(_header.AsSpan(LogCheck.SaltsAt), salts);
            Sum(_header.AsSpan(0, 24));
            WriteSum(_header.AsSpan(24));
        }

        private TestLog(TestLog other)
        {
            (_salts, _sum) = (other._salts, other._sum);
            other._header.CopyTo(_header, 0);
            _frames.AddRange(other._frames);
        }

        internal TestLog Copy() => new(this);

        internal TestLog Add(uint page, bool isCommit, byte content = 1)
        {
            byte[] frame = new byte[LogCheck.FrameHeaderBytes + PageBytes];
            BinaryPrimitives.WriteUInt32BigEndian(frame, page);
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), isCommit ? 9U : 0);
            BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(8), _salts);
            frame.AsSpan(LogCheck.FrameHeaderBytes).Fill(content);
            Sum(frame.AsSpan(0, 8));
            Sum(frame.AsSpan(LogCheck.FrameHeaderBytes));
            WriteSum(frame.AsSpan(16));
            _frames.Add(frame);
            return this;
        }

        /// <summary>Behind its own there are frames that another log of this length has.</summary>
        internal void Follow(TestLog other) => _frames.AddRange(other._frames.GetRange(_frames.Count, other._frames.Count - _frames.Count));

        internal LogCheck Check()
        {
            LogCheck check = new(_header);
            _frames.ForEach(frame => check.Add(frame));
            return check;
        }

        private void Sum(ReadOnlySpan<byte> bytes)
        {
            for (int at = 0; at < bytes.Length; at += 8)
            {
                _sum.First += BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) + _sum.Second;
                _sum.Second += BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]) + _sum.First;
            }
        }

        private void WriteSum(Span<byte> bytes)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, _sum.First);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], _sum.Second);
        }
    }
}
