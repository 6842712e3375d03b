using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class WatchHistoryTests
{
    private static readonly ServerDescription s_server = TestTable.Server("a");

    [Fact]
    public void What_comes_after_a_revision_is_read_in_order_and_no_more()
    {
        WatchHistory history = new(100, 1 << 20, 10, 4);
        Accept(history, 11, 12, 15);

        WatchSlice slice = history.Read(11);

        Assert.Equal([12UL, 15UL], slice.Changes.Select(change => change.Revision));
        Assert.Equal((15UL, true), (slice.Revision, slice.IsAll));
        Assert.Empty(history.Read(15).Changes);
        Assert.Empty(history.Read(null).Changes);
    }

    [Fact]
    public void A_watch_that_knew_all_of_the_former_leadership_goes_on_and_no_other_does()
    {
        WatchHistory history = new(100, 1 << 20, 10, 4);
        Accept(history, 11);

        Assert.Equal(11UL, Assert.Single(history.Read(4).Changes).Revision);
        Assert.Equal(11UL, Assert.Single(history.Read(10).Changes).Revision);
        Assert.All([0UL, 3UL, 5UL, 9UL, 12UL, ulong.MaxValue], after => AssertCompacted(history, after));
    }

    [Fact]
    public void Whoever_stands_before_what_was_forgotten_is_told_so()
    {
        WatchHistory history = new(3, 1 << 20, 10, 4);
        Accept(history, 11, 12, 13, 14, 15);

        Assert.Equal((3, 12UL), (history.Count, history.Forgotten));
        Assert.All([4UL, 10UL, 11UL], after => AssertCompacted(history, after));
        Assert.Equal([13UL, 14UL, 15UL], history.Read(12).Changes.Select(change => change.Revision));
    }

    [Fact]
    public void Bytes_are_bounded_and_the_latest_change_is_kept_whatever_its_size()
    {
        WatchHistory history = new(100, 4096, 10, 4);
        for (ulong revision = 11; revision < 40; revision++)
        {
            history.Accept([Item(revision, 1000)], revision);
            Assert.True(history.Bytes <= 4096);
        }

        history.Accept([Item(40, 1 << 20)], 40);

        Assert.Equal((1, 39UL), (history.Count, history.Forgotten));
        Assert.Equal(40UL, Assert.Single(history.Read(39).Changes).Revision);
        history.Accept([Item(41, 10)], 41);
        Assert.Equal((1, 40UL), (history.Count, history.Forgotten));
        Assert.True(history.Bytes < 4096);
    }

    [Fact]
    public void A_page_is_bounded_in_number_and_bytes_and_the_next_goes_on_behind_it()
    {
        WatchHistory history = new(10_000, 1 << 30, 10, 4);
        for (ulong revision = 11; revision < 1011; revision++)
        {
            history.Accept([Item(revision, revision % 100 == 0 ? 200_000 : 100)], revision);
        }

        List<ulong> read = [];
        WatchSlice slice = history.Read(10);
        while (slice.Changes.Count > 0)
        {
            Assert.True(slice.Changes.Count <= Limits.MaxWatchPageChanges);
            Assert.True(slice.Changes.Count == 1 || slice.Changes.Sum(change => change.Bytes) <= Limits.MaxWatchPageBytes);
            Assert.Equal(slice.Changes[^1].Revision, slice.Revision);
            read.AddRange(slice.Changes.Select(change => change.Revision));
            Assert.Equal(slice.Revision == 1010, slice.IsAll);
            slice = history.Read(slice.Revision);
        }

        Assert.Equal(Enumerable.Range(11, 1000).Select(revision => (ulong)revision), read);
    }

    private static void AssertCompacted(WatchHistory history, ulong after) =>
        Assert.Equal(SessionStatus.Compacted, Assert.Throws<SessionException>(() => history.Read(after)).Status);

    private static void Accept(WatchHistory history, params ulong[] revisions) =>
        history.Accept([.. revisions.Select(revision => Item(revision, 1))], revisions[^1]);

    private static WatchedChange Item(ulong revision, int bytes) =>
        new(revision, new StoreChange.PutItem(1, "k", new byte[bytes], revision), 1, s_server);
}
