using System;
using System.Buffers.Binary;
using System.Text;

namespace Interop.Sessions.Store;

/// <summary>
/// A row's checksum, stored with it: FNV-1a of 64 bits over its table's name, and of each column its type, its length and its
/// bytes. Rows that differ in one byte never have the same checksum; other rows once in 2^64.
/// </summary>
public static class RowChecksum
{
    /// <summary>The checksum of a row.</summary>
    /// <param name="table">Where it is.</param>
    /// <param name="columns">In the table's order: long, double, string, byte[], DBNull or null.</param>
    public static long Of(string table, ReadOnlySpan<object?> columns)
    {
        ulong hash = With(Fnv1a.Basis, Encoding.UTF8.GetBytes(table));
        foreach (object? column in columns)
        {
            hash = column switch
            {
                long value => WithNumber(hash, 1, value),
                string text => WithBytes(hash, 2, Encoding.UTF8.GetBytes(text)),
                byte[] blob => WithBytes(hash, 3, blob),
                double value => WithNumber(hash, 4, BitConverter.DoubleToInt64Bits(value)),
                null or DBNull => WithBytes(hash, 5, []),
                _ => throw new ArgumentException($"no column is a {column.GetType()}", nameof(columns)),
            };
        }

        return (long)hash;
    }

    private static ulong WithNumber(ulong hash, byte type, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return With(With(hash, [type]), bytes);
    }

    private static ulong WithBytes(ulong hash, byte type, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return With(With(With(hash, [type]), length), bytes);
    }

    private static ulong With(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            hash = Fnv1a.With(hash, value);
        }

        return hash;
    }
}
