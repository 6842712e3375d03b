using System;
using System.IO;
using System.Linq;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>
/// One bit of a store's files is another than it was written: the store is refused, or everything that was acknowledged is
/// there and equal.
/// </summary>
public sealed class FlippedBitTests : IDisposable
{
    private const int Seed = 20261127;
    private const int FlipsOfFile = 600;
    private const int FlipsOfLog = 400;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void In_the_file()
    {
        string[] expected = Fill(_directory.File("filled.db"), commits: 12);
        byte[] file = File.ReadAllBytes(_directory.File("filled.db"));
        Random random = new(Seed);
        int refused = 0;
        for (int i = 0; i < FlipsOfFile; i++)
        {
            // The first page rules all others: a fourth of the flips is there.
            long bit = i % 4 == 0 ? random.NextInt64(4096 * 8) : random.NextInt64(file.LongLength * 8);
            string path = _directory.File("flipped.db");
            File.WriteAllBytes(path, Flip(file, bit));
            refused += IsRefused(path, bit, expected) ? 1 : 0;
        }

        // Most of the file is in use: the flips were no flips of nothing.
        Assert.True(refused > FlipsOfFile / 3, $"{refused}");
    }

    [Fact]
    public void In_the_log()
    {
        KilledStore killed = Killed(rounds: 12);
        Random random = new(Seed);
        int refused = 0;
        for (int i = 0; i < FlipsOfLog; i++)
        {
            long bit = i % 8 == 0 ? random.NextInt64(32 * 8) : random.NextInt64(killed.Log.LongLength * 8);
            string path = _directory.File("flipped.db");
            (killed with { Log = Flip(killed.Log, bit) }).Write(path);
            refused += IsRefused(path, bit, killed.Content) ? 1 : 0;
        }

        Assert.True(refused > FlipsOfLog / 2, $"{refused}");
    }

    [Fact]
    public void In_the_note_of_where_the_log_ends()
    {
        KilledStore killed = Killed(rounds: 3);
        for (long bit = 0; bit < killed.End.LongLength * 8; bit++)
        {
            string path = _directory.File("flipped.db");
            (killed with { End = Flip(killed.End, bit) }).Write(path);
            Assert.False(IsRefused(path, bit, killed.Content));
        }
    }

    [Fact]
    public void Cut_off_anywhere()
    {
        KilledStore killed = Killed(rounds: 6);
        for (long bytes = 0; bytes < killed.Log.LongLength; bytes += 1373)
        {
            string path = _directory.File("cut.db");
            (killed with { Log = killed.Log[..(int)bytes] }).Write(path);
            Assert.True(IsRefused(path, bytes * 8, killed.Content), $"{bytes} bytes of the log");
        }

        string[] expected = Fill(_directory.File("filled.db"), commits: 12);
        byte[] file = File.ReadAllBytes(_directory.File("filled.db"));
        for (long bytes = 1; bytes < file.LongLength; bytes += 4096 - 1)
        {
            string path = _directory.File("cut.db");
            File.WriteAllBytes(path, file[..(int)bytes]);
            Assert.True(IsRefused(path, bytes * 8, expected), $"{bytes} bytes of the file");
        }
    }

    private KilledStore Killed(ulong rounds)
    {
        using SqliteSessionStore store = new(_directory.File("killed.db"), 0, create: true);
        store.Lead(Stored.LeadNow());
        for (ulong round = 1; round <= rounds; round++)
        {
            store.Commit(Round(round), round);
        }

        return KilledStore.Of(_directory.File("killed.db"), DescribeAll(store.Read()));
    }

    [Fact]
    public void A_last_transaction_that_was_cut_off_is_no_damage()
    {
        string killed = _directory.File("killed.db");
        byte[] file;
        byte[] log;
        long lastButOneBytes;
        string[] expected;
        using (SqliteSessionStore store = new(killed, 0, create: true))
        {
            store.Lead(Stored.LeadNow());
            store.Commit(Round(1), 1);
            lastButOneBytes = KilledStore.ReadShared(killed + "-wal").LongLength;
            expected = DescribeAll(store.Read());
            store.Commit(Round(2), 2);
            file = KilledStore.ReadShared(killed);
            log = KilledStore.ReadShared(killed + "-wal");
        }

        Assert.True(log.LongLength - lastButOneBytes > 4 * 4096);
        foreach (long bytes in new[] { lastButOneBytes, lastButOneBytes + 1, lastButOneBytes + 5000, log.LongLength - 1 })
        {
            byte[] cut = log[..(int)bytes];
            AssertHas(expected, file, cut);
            // As a file system may leave it: of full length, its end not written, or a hole in its middle.
            byte[] unwritten = new byte[log.Length];
            cut.CopyTo(unwritten, 0);
            AssertHas(expected, file, unwritten);
        }

        byte[] holed = (byte[])log.Clone();
        Array.Clear(holed, (int)lastButOneBytes, 4096 + 24);
        AssertHas(expected, file, holed);
    }

    private void AssertHas(string[] expected, byte[] file, byte[] log)
    {
        string path = _directory.File("cut.db");
        File.WriteAllBytes(path, file);
        File.WriteAllBytes(path + "-wal", log);
        using SqliteSessionStore store = new(path, 0, create: false);
        Assert.Equal(expected, DescribeAll(store.Read()));
    }

    private static bool IsRefused(string path, long bit, string[] expected)
    {
        try
        {
            using SqliteSessionStore store = new(path, 0, create: false);
            StoreSnapshot loaded = store.Read();
            string[] found = DescribeAll(loaded);
            Assert.True(
                found.SequenceEqual(expected),
                $"bit {bit % 8} of byte {bit / 8}: {found.Length} rows instead of {expected.Length}, or others");
            return false;
        }
        catch (SessionException refusal)
        {
            Assert.True(
                refusal.Status is SessionStatus.StoreFailed or SessionStatus.StoreReadOnly,
                $"bit {bit % 8} of byte {bit / 8}: {refusal}");
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            Assert.True(
                refusal.Message.Contains("salvage", StringComparison.Ordinal) || refusal.Message.Contains("the release that wrote it", StringComparison.Ordinal),
                refusal.Message);
            return true;
        }
        finally
        {
            KilledStore.Delete(path);
        }
    }

    private static string[] Fill(string path, ulong commits)
    {
        using SqliteSessionStore store = new(path, 0, create: true);
        store.Lead(Stored.LeadNow());
        for (ulong round = 1; round <= commits; round++)
        {
            store.Commit(Round(round), round);
        }

        return DescribeAll(store.Read());
    }

    private static StoreChange[] Round(ulong round) =>
    [
        .. Enumerable.Range(0, 8).SelectMany(i =>
        {
            ulong id = (round * 0x9E3779B97F4A7C15) + (ulong)i;
            return (StoreChange[])
            [
                Changes.Session(id, round, $"server-{round}-{i}"),
                Changes.Item(id, "large", round, bytes: 3000), Changes.Item(id, "small", round),
                new StoreChange.PutAssignment(AccessPointKind.Nfs, $"volume-{round}-{i}", id),
                new StoreChange.PutWrites(id, 5, new WriteLog(1, [new WriteAnswer(1, round), new WriteAnswer(2, round)])),
            ];
        }),
    ];

    private static string[] DescribeAll(StoreSnapshot snapshot) =>
    [
        $"{snapshot.MasterEpoch} {snapshot.Revision} {snapshot.LengthenedTermMs} {snapshot.IsRestored}",
        .. snapshot.Content.Select(change => change switch
        {
            StoreChange.PutItem item => $"{item.SessionId} {item.Key} {item.Revision} {Convert.ToHexString(item.Value.Span)}",
            StoreChange.PutWrites writes =>
                $"{writes.SessionId} {writes.Nonce} {writes.Log.FirstUnfinished} {string.Join(' ', writes.Log.Answers)}",
            _ => $"{change}",
        }),
    ];

    private static byte[] Flip(byte[] bytes, long bit)
    {
        byte[] flipped = (byte[])bytes.Clone();
        flipped[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        return flipped;
    }
}
