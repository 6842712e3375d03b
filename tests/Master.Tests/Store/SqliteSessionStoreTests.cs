using System;
using System.IO;
using System.Linq;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>What only the SQLite store does, on real files.</summary>
public sealed class SqliteSessionStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Sessions_are_loaded_in_the_order_of_their_epochs()
    {
        using (SqliteSessionStore store = Open())
        {
            store.Lead(Stored.LeadNow());
            store.Commit(
                [Changes.Session(1UL << 63, 3, "middle"), Changes.Session(ulong.MaxValue, 1, "highest"), Changes.Session(1, 2, "lowest")], 3);
        }

        using SqliteSessionStore again = Open();
        Assert.Equal([1UL, 2UL, 3UL], again.Lead(Stored.LeadNow()).Sessions().Select(put => put.Key.Epoch));
    }

    [Fact]
    public void A_commit_that_fails_in_the_middle_leaves_nothing_behind()
    {
        using SqliteSessionStore store = Open();
        store.Lead(Stored.LeadNow());
        store.Commit([Changes.Session(1, 1, "one")], 1);
        // The same identity twice: the table's core never asks for it, so it stands for any failure.
        SessionException failure = Assert.Throws<SessionException>(
            () => store.Commit([Changes.Session(2, 2, "two"), Changes.Item(2, "a", 1), Changes.Session(3, 3, "one")], 3));
        Assert.Equal(SessionStatus.StoreFailed, failure.Status);
        StoreSnapshot loaded = store.Lead(Stored.LeadNow());
        Assert.Equal((1, 0), (loaded.Sessions().Count(), loaded.Items().Count()));
        store.Commit([Changes.Session(2, 2, "two")], 2);
    }

    [Fact]
    public void A_second_opener_is_told_that_the_store_is_locked()
    {
        using (SqliteSessionStore first = Open())
        {
            SessionException refusal = Assert.Throws<SessionException>(() => Open());
            Assert.Equal(SessionStatus.StoreLocked, refusal.Status);
            Assert.Contains(StorePath, refusal.Message, StringComparison.Ordinal);
            first.Lead(Stored.LeadNow());
        }

        Open().Dispose();
    }

    [Fact]
    public void A_full_store_says_so_keeps_what_it_has_and_takes_more_when_there_is_room_again()
    {
        using SqliteSessionStore store = new(StorePath, Limits.MinStoreBytes, create: true);
        store.Lead(Stored.LeadNow());
        store.Commit([Changes.Session(1, 1, "one")], 1);
        int kept = 0;
        SessionException? full = null;
        while (full == null)
        {
            full = Record.Exception(() => store.Commit([Changes.Item(1, $"key-{kept}", 1, 4000)], 2)) as SessionException;
            kept += full == null ? 1 : 0;
            Assert.True(kept < 1000);
        }

        Assert.Equal(SessionStatus.StoreFull, full.Status);
        Assert.True(new FileInfo(StorePath).Length <= (long)Limits.MinStoreBytes);
        Assert.Equal(kept, store.Lead(Stored.LeadNow()).Items().Count());

        store.Commit([new StoreChange.RemoveItem(1, "key-0"), new StoreChange.RemoveItem(1, "key-1")], 3);
        store.Commit([Changes.Item(1, "again", 1, 4000)], 4);
        Assert.Equal(kept - 1, store.Lead(Stored.LeadNow()).Items().Count());
    }

    [Fact]
    public void What_is_no_store_is_refused_untouched()
    {
        File.WriteAllText(StorePath, new string('x', 10_000));
        SessionException refusal = Assert.Throws<SessionException>(() => Open());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("not a database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 10_000), File.ReadAllText(StorePath));
    }

    [Theory]
    [InlineData("missing/sessions.db")]
    [InlineData("")] // the directory itself
    public void A_path_that_can_hold_no_store_is_refused_by_its_name(string name)
    {
        string path = _directory.File(name);
        SessionException refusal = Assert.Throws<SessionException>(() => new SqliteSessionStore(path, 0, create: true));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    private string StorePath => _directory.File("sessions.db");

    private SqliteSessionStore Open() => new(StorePath, 0, create: true);
}
