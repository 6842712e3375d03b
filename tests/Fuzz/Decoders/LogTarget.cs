using System;
using System.Buffers.Binary;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Store;

namespace Interop.Sessions.Fuzz.Decoders;

/// <summary>SQLite's log as a disk may give it back: a header, then frames of whatever page size it says.</summary>
internal static class LogTarget
{
    internal static FuzzTarget Target { get; } = new("wal", Run);

    private static void Run(byte[] input)
    {
        ByteInput read = new(input);
        // A header that is right comes by chance never.
        byte[] header = read.Flag() ? Header(read) : read.Raw(LogCheck.HeaderBytes);
        LogCheck check = new(header);
        Expect.Same(check.PageBytes == 0, check.Damage != null, "a header without pages is damaged");
        for (int frames = read.Below(8); frames > 0 && check.PageBytes > 0; frames--)
        {
            byte[] frame = new byte[LogCheck.FrameHeaderBytes + check.PageBytes];
            read.Raw(LogCheck.FrameHeaderBytes).CopyTo(frame, 0);
            check.Add(frame);
        }
    }

    private static byte[] Header(ByteInput read)
    {
        byte[] header = new byte[LogCheck.HeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, 0x377f0682);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), read.Of(512u, 4096u, 65536u));
        (uint first, uint second) = (0, 0);
        for (int at = 0; at < 24; at += 8)
        {
            first += BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at)) + second;
            second += BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at + 4)) + first;
        }

        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), first);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(28), second);
        return header;
    }
}
