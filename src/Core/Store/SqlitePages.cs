using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Interop.Sessions.Store;

/// <summary>A row as it stands in a page: columns are long, double, string, byte[] or null.</summary>
/// <param name="IsOfIndex">Is it of a b-tree whose rows are its keys: a table without rowid, or an index?</param>
/// <param name="RowId">Its number, in a table that has them.</param>
/// <param name="Columns">In the order of the record.</param>
public sealed record PageRow(bool IsOfIndex, long RowId, object?[] Columns);

/// <summary>
/// Reads rows out of the pages of a SQLite file without SQLite, which gives a table up at its first damaged page. Of a damaged
/// page it reads what it can, and notes it. Format: sqlite.org/fileformat2.html#b_tree_pages.
/// </summary>
/// <param name="read">Gives a page by its number, which begins at 1; null: there is none.</param>
/// <param name="pageBytes">Bytes of a page.</param>
public sealed class SqlitePages(Func<uint, byte[]?> read, int pageBytes)
{
    private const int FileHeaderBytes = 100;
    private const byte InteriorIndex = 2;
    private const byte InteriorTable = 5;
    private const byte LeafIndex = 10;
    private const byte LeafTable = 13;

    /// <summary>Pages that were met.</summary>
    public HashSet<uint> Met { get; } = [];

    /// <summary>Pages of which not everything could be read.</summary>
    public SortedSet<uint> Damaged { get; } = [];

    /// <summary>All rows of the b-tree of a root.</summary>
    public IEnumerable<PageRow> Walk(uint root)
    {
        // Not by recursion: what is damaged may lead in a circle.
        Stack<uint> ahead = new([root]);
        while (ahead.TryPop(out uint number))
        {
            if (!Met.Add(number))
            {
                Damaged.Add(number);
                continue;
            }

            byte[]? page = read(number);
            if (page == null)
            {
                Damaged.Add(number);
                continue;
            }

            List<uint> children = [];
            foreach (PageRow row in RowsOf(number, page, children))
            {
                yield return row;
            }

            children.ForEach(ahead.Push);
        }
    }

    /// <summary>The rows of a page by itself.</summary>
    /// <param name="number">Which; the first has the file's header.</param>
    /// <param name="page">Its bytes.</param>
    public IReadOnlyList<PageRow> RowsOf(uint number, byte[] page) => RowsOf(number, page, []);

    private List<PageRow> RowsOf(uint number, byte[] page, List<uint> children)
    {
        List<PageRow> rows = [];
        int start = number == 1 ? FileHeaderBytes : 0;
        byte type = page[start];
        if (type is not (InteriorIndex or InteriorTable or LeafIndex or LeafTable))
        {
            Damaged.Add(number);
            return rows;
        }

        bool isInterior = type is InteriorIndex or InteriorTable;
        int cells = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + 3));
        int pointers = start + (isInterior ? 12 : 8);
        for (int i = 0; i < cells; i++)
        {
            try
            {
                int at = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(pointers + (2 * i)));
                if (isInterior)
                {
                    children.Add(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at)));
                    at += 4;
                }

                if (type != InteriorTable)
                {
                    rows.Add(RowAt(page, at, type));
                }
            }
            catch (Exception error) when (error is FormatException or ArgumentException or IndexOutOfRangeException or OverflowException)
            {
                Damaged.Add(number);
            }
        }

        if (isInterior)
        {
            children.Add(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(start + 8)));
        }

        return rows;
    }

    private PageRow RowAt(byte[] page, int at, byte type)
    {
        long size = Varint(page, ref at);
        long rowId = type == LeafTable ? Varint(page, ref at) : 0;
        byte[] payload = Payload(page, at, size, type == LeafTable);
        return new PageRow(type != LeafTable, rowId, Record(payload));
    }

    /// <summary>A long row goes on in a chain of pages.</summary>
    private byte[] Payload(byte[] page, int at, long size, bool isOfTable)
    {
        if (size is < 0 or > Limits.MaxSalvagedRowBytes)
        {
            throw new FormatException($"a row of {size} bytes");
        }

        int most = isOfTable ? pageBytes - 35 : ((pageBytes - 12) * 64 / 255) - 23;
        if (size <= most)
        {
            return page.AsSpan(at, (int)size).ToArray();
        }

        int least = ((pageBytes - 12) * 32 / 255) - 23;
        int local = least + (int)((size - least) % (pageBytes - 4));
        local = local <= most ? local : least;
        byte[] whole = new byte[size];
        page.AsSpan(at, local).CopyTo(whole);
        uint next = BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at + local));
        for (int filled = local; filled < whole.Length;)
        {
            byte[] more = read(next) ?? throw new FormatException($"page {next} is missing");
            Met.Add(next);
            int part = Math.Min(whole.Length - filled, pageBytes - 4);
            more.AsSpan(4, part).CopyTo(whole.AsSpan(filled));
            filled += part;
            next = BinaryPrimitives.ReadUInt32BigEndian(more);
        }

        return whole;
    }

    private static object?[] Record(byte[] payload)
    {
        int header = 0;
        long headerBytes = Varint(payload, ref header);
        int body = checked((int)headerBytes);
        List<object?> columns = [];
        while (header < headerBytes)
        {
            long type = Varint(payload, ref header);
            columns.Add(Column(payload, type, ref body));
        }

        return [.. columns];
    }

    private static object? Column(byte[] payload, long type, ref int at)
    {
        int size = type switch
        {
            0 or 8 or 9 => 0,
            <= 4 => (int)type,
            5 => 6,
            6 or 7 => 8,
            >= 12 and <= (2L * Limits.MaxSalvagedRowBytes) + 13 => (int)((type - 12) / 2),
            _ => throw new FormatException($"a column of type {type}"),
        };
        ReadOnlySpan<byte> bytes = payload.AsSpan(at, size);
        at += size;
        return type switch
        {
            0 => null,
            8 => 0L,
            9 => 1L,
            7 => BinaryPrimitives.ReadDoubleBigEndian(bytes),
            <= 6 => Integer(bytes),
            _ => type % 2 == 0 ? bytes.ToArray() : Encoding.UTF8.GetString(bytes),
        };
    }

    private static long Integer(ReadOnlySpan<byte> bytes)
    {
        long value = (sbyte)bytes[0];
        foreach (byte more in bytes[1..])
        {
            value = (value << 8) | more;
        }

        return value;
    }

    /// <summary>Up to nine bytes, the highest first, of which the first eight have seven bits of it each.</summary>
    private static long Varint(byte[] bytes, ref int at)
    {
        long value = 0;
        for (int i = 0; i < 8; i++)
        {
            byte next = bytes[at++];
            value = (value << 7) | (byte)(next & 0x7f);
            if (next < 0x80)
            {
                return value;
            }
        }

        return (value << 8) | bytes[at++];
    }
}
