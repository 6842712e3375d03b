using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Ends are kept for a day, in order, and no more than there is room for.</summary>
public sealed class EndLogTests
{
    private const long Hour = 60 * 60 * 1000;
    private const long Noon = 1_790_000_000_000;

    [Fact]
    public void They_are_listed_in_order_by_prefix_by_date_and_page_by_page()
    {
        EndLog log = Log(10, [.. Enumerable.Range(1, 6).Select(i => End((ulong)i, i % 2 == 0 ? "even" : "odd", Noon + i))]);

        Assert.Equal([1UL, 2, 3, 4, 5, 6], Listed(log, new EndQuery()));
        Assert.Equal([2UL, 4, 6], Listed(log, new EndQuery(IdentityPrefix: "ev")));
        Assert.Equal([4UL, 5, 6], Listed(log, new EndQuery(SinceUnixMs: Noon + 4)));
        Assert.Equal([3UL, 5], Listed(log, new EndQuery(FromRevision: 2, IdentityPrefix: "odd")));
        EndPage page = log.List(new EndQuery(FromRevision: 2, Limit: 2), ulong.MaxValue);
        Assert.Equal([2UL, 3], page.Rows.Select(end => end.Revision));
        Assert.Equal(4UL, page.NextRevision);
        page = log.List(new EndQuery(FromRevision: 5, Limit: 2), ulong.MaxValue);
        Assert.Equal((2, 0UL), (page.Rows.Count, page.NextRevision));
    }

    [Fact]
    public void A_page_that_is_too_large_is_refused_with_the_limit()
    {
        SessionException refusal = Assert.Throws<SessionException>(() => Log(10).List(new EndQuery(Limit: Limits.MaxEndsPerPage + 1), 0));
        Assert.Equal((SessionStatus.InvalidArgument, "limit is 1001; the limit of it is 1000"), (refusal.Status, refusal.Message));
    }

    [Fact]
    public void What_a_store_gives_in_any_order_is_in_order()
    {
        EndLog log = new(10, long.MaxValue);
        foreach (ulong revision in new ulong[] { 5, 1, 9, 3, 7 })
        {
            log.Load(End(revision));
        }

        Assert.Equal([1UL, 3, 5, 7, 9], Listed(log, new EndQuery()));
    }

    [Fact]
    public void The_oldest_goes_where_there_are_too_many()
    {
        EndLog log = Log(3, End(1), End(2), End(3), End(4), End(5));

        Assert.Equal([1UL, 2], Trim(log, Noon));
        Assert.Equal(3, log.Count);
    }

    [Fact]
    public void The_oldest_go_where_there_are_too_many_bytes_but_never_the_last()
    {
        EndLog log = new(10, EndLog.SizeOf(End(1)) * 2);
        Add(log, End(1), End(2));
        Assert.Empty(Trim(log, Noon));
        Add(log, End(3, text: new string('x', Limits.MaxReasonBytes)));

        Assert.Equal([1UL, 2], Trim(log, Noon));
        Assert.Equal(EndLog.SizeOf(log.All.Single()), log.Bytes);
    }

    [Fact]
    public void Those_of_more_than_a_day_ago_go_a_few_at_a_time()
    {
        EndLog log = Log(100, [.. Enumerable.Range(1, 9).Select(i => End((ulong)i)), End(10, endedUnixMs: Noon + Hour)]);

        Assert.Empty(Trim(log, Noon + (24 * Hour) - 1));
        Assert.Equal([1UL, 2, 3, 4], Trim(log, Noon + (24 * Hour)));
        Assert.Equal([5UL, 6, 7, 8], Trim(log, Noon + (24 * Hour)));
        Assert.Equal([9UL], Trim(log, Noon + (24 * Hour)));
    }

    [Fact]
    public void A_date_that_is_set_back_removes_nothing_and_one_that_runs_ahead_leaves_the_newest()
    {
        EndLog log = Log(100, End(1), End(2));

        Assert.Empty(Trim(log, 0));
        Assert.Equal([1UL], Trim(log, long.MaxValue));
    }

    [Fact]
    public void What_the_store_did_not_take_is_as_before()
    {
        EndLog log = Log(2, End(1), End(2));
        long bytes = log.Bytes;
        log.Add(End(3));
        Assert.Equal([1UL], Trim(log, Noon));

        // Durable are still the first two.
        Assert.Equal([1UL, 2], log.List(new EndQuery(), durableRevision: 2).Rows.Select(end => end.Revision));
        log.PutBack();
        log.RemoveNewest();

        Assert.Equal([1UL, 2], Listed(log, new EndQuery()));
        Assert.Equal(bytes, log.Bytes);
    }

    [Fact]
    public void It_stays_as_small_as_what_it_keeps_however_many_pass_through()
    {
        EndLog log = new(3, long.MaxValue);
        for (ulong revision = 1; revision <= 10_000; revision++)
        {
            Add(log, End(revision));
            Trim(log, Noon);
            log.Accept();
        }

        Assert.Equal([9998UL, 9999, 10_000], Listed(log, new EndQuery()));
        Assert.Equal(log.All.Sum(EndLog.SizeOf), log.Bytes);
    }

    internal static SessionEnd End(ulong revision, string identity = "one", long endedUnixMs = Noon, string text = "") => new()
    {
        Revision = revision,
        SessionId = revision,
        Epoch = 1,
        Identity = identity,
        HostName = "host",
        ProcessId = 7,
        PeerAddress = "10.0.0.1:99",
        Reason = SessionEndReason.Expired,
        Text = text,
        EndedUnixMs = endedUnixMs,
        SilentMs = 10_000,
        IsHeard = true,
        IsGateClosed = false,
    };

    private static EndLog Log(int most, params SessionEnd[] ends)
    {
        EndLog log = new(most, long.MaxValue);
        Add(log, ends);
        return log;
    }

    private static void Add(EndLog log, params SessionEnd[] ends)
    {
        Array.ForEach(ends, log.Add);
        log.Accept();
    }

    private static ulong[] Listed(EndLog log, EndQuery asked) =>
        [.. log.List(asked, ulong.MaxValue).Rows.Select(end => end.Revision)];

    private static List<ulong> Trim(EndLog log, long unixMs)
    {
        List<ulong> gone = [];
        while (log.TakeOldest(unixMs, gone.Count) is { } oldest)
        {
            gone.Add(oldest.Revision);
        }

        return gone;
    }
}
