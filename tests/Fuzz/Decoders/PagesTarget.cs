using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Store;

namespace Interop.Sessions.Fuzz.Decoders;

/// <summary>Pages of a SQLite file as a disk may give them back: whatever is in them, reading them ends.</summary>
internal static class PagesTarget
{
    private const int PageBytes = 512;
    private const int MostPages = 6;

    internal static FuzzTarget Target { get; } = new("pages", Run);

    private static void Run(byte[] input)
    {
        ByteInput read = new(input);
        byte[][] pages = [.. Enumerable.Range(0, 1 + read.Below(MostPages)).Select(_ => Page(read))];
        SqlitePages reader = new(number => number >= 1 && number <= pages.Length ? pages[number - 1] : null, PageBytes);
        uint root = 1 + (uint)read.Below(MostPages);
        _ = reader.Walk(root).Count();
        Expect.Same(root > pages.Length, reader.Damaged.Contains(root) && pages.Length < root, "a root that is missing is noted");
        for (uint number = 1; number <= pages.Length; number++)
        {
            reader.RowsOf(number, pages[number - 1]);
        }
    }

    // A type that is right comes by chance seldom, and cells that are anywhere never.
    private static byte[] Page(ByteInput read)
    {
        byte[] page = new byte[PageBytes];
        read.Raw(64).CopyTo(page, PageBytes - 64);
        page[0] = read.Of((byte)2, (byte)5, (byte)10, (byte)13, (byte)0);
        page[4] = (byte)read.Below(4);
        for (int i = 0; i < page[4]; i++)
        {
            int at = PageBytes - 64 + read.Below(64);
            page[8 + (4 * (page[0] < 10 ? 1 : 0)) + (2 * i)] = (byte)(at >> 8);
            page[9 + (4 * (page[0] < 10 ? 1 : 0)) + (2 * i)] = (byte)at;
        }

        return page;
    }
}
