using System;
using System.Text;

namespace Interop.Sessions.Fuzz.Engine;

/// <summary>
/// The bytes of an input, read as decisions: what is next, how much, how long. Behind the end everything is 0, so every prefix of an
/// input is an input.
/// </summary>
internal sealed class ByteInput(byte[] bytes)
{
    private static readonly ulong[] s_edges =
    [
        0, 1, 2, 3, 10, 100, 127, 128, 199, 200, 201, 255, 256, 999, 1000, 1001, 10_000, 60_000, 65_535, 65_536, 3_600_000, 3_600_001,
        int.MaxValue, 1UL << 31, uint.MaxValue - 1, uint.MaxValue, 1UL << 32, 1UL << 53, 9_223_372_036_854, 9_223_372_036_855,
        long.MaxValue - 1, long.MaxValue, 1UL << 63, ulong.MaxValue / 1_000_000, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    /// <summary>Characters that have broken something somewhere: NUL, a pair and its halves, what turns or ends a line.</summary>
    private static readonly string[] s_pieces =
    [
        "a", "b", "/", "$", "0", ":", ".", "\0", "\n", "\r", "\u00e9", "\u20ac", "\U0001f600", "\ud83d", "\ude00", "\u202e", "\ufeff", "\ufffd",
        "\"", "\\", "%", "{", "localhost",
    ];

    private int _at;

    /// <summary>Has everything been read?</summary>
    internal bool IsOver => _at >= bytes.Length;

    internal byte Byte() => _at < bytes.Length ? bytes[_at++] : (byte)0;

    internal bool Flag() => (Byte() & 1) != 0;

    /// <summary>0 to one less.</summary>
    internal int Below(int count) => Byte() % count;

    internal T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>A small number, one at an edge, or any.</summary>
    internal ulong Number()
    {
        byte kind = Byte();
        return kind < 64 ? kind
            : kind < 192 ? s_edges[kind % s_edges.Length]
            : kind < 224 ? ((ulong)Byte() << 8) | Byte()
            : BitConverter.ToUInt64(Raw(8));
    }

    internal uint Number32() => (uint)Number();

    /// <summary>Nanoseconds that pass: often none or few, seldom more than an hour.</summary>
    internal long PassingNs() => Byte() switch
    {
        < 64 => 0,
        < 128 => Ns.FromMs(Byte()),
        < 192 => Ns.FromMs(Byte() * 100L),
        < 240 => Ns.FromMs(Byte() * 10_000L),
        _ => Ns.FromMs(Byte() * 600_000L),
    };

    internal double Fraction() => Byte() / 256.0;

    /// <summary>Well formed or not, up to some kilobytes where the input says so.</summary>
    internal string Text()
    {
        byte kind = Byte();
        if (kind < 128)
        {
            return s_pieces[kind % s_pieces.Length];
        }

        if (kind >= 250)
        {
            return new string('x', Of(127, 128, 129, 255, 256, 257, 511, 512, 4096));
        }

        StringBuilder text = new();
        for (int left = kind % 8; left > 0; left--)
        {
            text.Append(s_pieces[Below(s_pieces.Length)]);
        }

        return text.ToString();
    }

    /// <summary>One of few, so that calls meet.</summary>
    internal string Name(string start, int most) => start + (char)('0' + Below(most));

    internal byte[] Blob()
    {
        byte kind = Byte();
        return kind < 128 ? Raw(kind % 8) : new byte[Of(0, 1, 100, 1000, 65_535, 65_536, 65_537)];
    }

    /// <summary>All that is left.</summary>
    internal byte[] Rest() => Raw(Math.Max(0, bytes.Length - _at));

    internal byte[] Raw(int count)
    {
        byte[] raw = new byte[count];
        for (int i = 0; i < count; i++)
        {
            raw[i] = Byte();
        }

        return raw;
    }
}
