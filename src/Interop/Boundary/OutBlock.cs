using System;
using System.Runtime.InteropServices;
using System.Text;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>
/// One block of C memory for an answer of unknown size: structs in front, the text and bytes that they point to behind.
/// One block means that one interop_sessions_free gives everything back. First measure, then fill.
/// </summary>
internal unsafe ref struct OutBlock
{
    private byte* _next;
    private readonly byte* _end;

    /// <summary>Allocates it, zero-filled.</summary>
    internal OutBlock(nuint size)
    {
        Start = (byte*)NativeMemory.AllocZeroed(size);
        _next = Start;
        _end = Start + size;
    }

    /// <summary>What the caller of the ABI frees.</summary>
    internal byte* Start { get; }

    /// <summary>It is given back with what this answers: for a block that lives as long as a callback runs.</summary>
    internal readonly Lifetime UntilTheEnd() => new(Start);

    /// <summary>Gives a block back.</summary>
    internal static void Free(void* start) => NativeMemory.Free(start);

    /// <summary>Room that a text takes.</summary>
    internal static nuint SizeOf(string text) => (nuint)Encoding.UTF8.GetByteCount(text);

    /// <summary>Takes the next <paramref name="count"/> structs; call before any text, so that they stay aligned.</summary>
    internal T* Structs<T>(int count)
        where T : unmanaged
    {
        T* first = (T*)_next;
        Advance((nuint)count * (nuint)sizeof(T));
        return first;
    }

    /// <summary>Appends a text.</summary>
    internal interop_sessions_string Text(string text)
    {
        byte* start = _next;
        nuint size = SizeOf(text);
        Advance(size);
        Encoding.UTF8.GetBytes(text, new Span<byte>(start, (int)size));
        return new interop_sessions_string { data = (sbyte*)start, size = size };
    }

    /// <summary>Appends bytes.</summary>
    internal interop_sessions_bytes Bytes(ReadOnlySpan<byte> bytes)
    {
        byte* start = _next;
        Advance((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(start, bytes.Length));
        return new interop_sessions_bytes { data = start, size = (nuint)bytes.Length };
    }

    private void Advance(nuint size)
    {
        if ((nuint)(_end - _next) < size)
        {
            throw new InvalidOperationException("an answer was measured too small");
        }

        _next += size;
    }

    /// <summary>Ends with a scope, and the block with it.</summary>
    internal readonly ref struct Lifetime(byte* start) : IDisposable
    {
        public void Dispose() => Free(start);
    }
}
