using System;
using System.Linq;
using Xunit;

namespace Interop.Sessions.Core.Tests;

public sealed class WatchRunTests
{
    private const SessionEventKind Begins = SessionEventKind.StateBegins;
    private const SessionEventKind Ends = SessionEventKind.StateEnds;

    private readonly WatchRun _run = new(new WatchOptions());

    [Fact]
    public void Begins_with_the_state_and_goes_on_after_what_was_said()
    {
        Assert.Equal((null, true), (_run.After, _run.WithState));
        Assert.Equal([Begins, SessionEventKind.Created, SessionEventKind.ItemSet], Take(0, Mark(Begins), Created(1, 10), Set(1, "k", 11)));
        Assert.Equal((null, true), (_run.After, _run.WithState));
        Assert.Equal([Ends, SessionEventKind.Progress], Take(20, Mark(Ends)));
        Assert.Equal((20UL, false), (_run.After, _run.WithState));
        Assert.Equal([SessionEventKind.Progress], Take(25));
        Assert.Equal(25UL, _run.After);
    }

    [Fact]
    public void After_a_gap_only_the_difference_is_told()
    {
        Take(20, Mark(Begins), Created(1, 10), Set(1, "stays", 11), Set(1, "changes", 12), Set(1, "goes", 13), Assigned(1, "volume", 14),
            Created(2, 15), Assigned(2, "moves", 16), Mark(Ends));

        Assert.True(_run.GoesOnAfter(new SessionException(SessionStatus.Compacted, "too late")));
        Assert.Equal((null, true), (_run.After, _run.WithState));
        SessionEvent[] told = Told(90, Mark(Begins), Created(1, 80), Set(1, "stays", 11), Set(1, "changes", 50), Assigned(1, "moves", 60),
            Created(3, 80), Mark(Ends));

        Assert.Equal(
            ["StateBegins", "ItemSet 1 changes", "Assigned 1 moves", "Created 3", "ItemRemoved 1 goes", "Released 1 volume", "Ended 2", "StateEnds", "Progress"],
            told.Select(Text));
        Assert.Equal(SessionEndReason.Unknown, told.Single(one => one.Kind == SessionEventKind.Ended).EndReason);
    }

    [Fact]
    public void What_is_said_again_behind_the_state_is_told_only_if_it_is_newer()
    {
        SessionEvent[] told = Told(
            40, Mark(Begins), Created(1, 30), Set(1, "k", 28), Assigned(1, "volume", 29),
            Set(1, "k", 22), Removed(1, "k", 25), Set(1, "k", 28), Assigned(1, "volume", 24), Released(1, "volume", 26), Assigned(1, "volume", 29),
            Created(1, 21), Set(9, "of one that has ended", 23), Ended(9, 27), Set(1, "k", 35), Mark(Ends));

        Assert.Equal(
            ["StateBegins", "Created 1", "ItemSet 1 k", "Assigned 1 volume", "ItemSet 1 k", "StateEnds", "Progress"], told.Select(Text));
    }

    [Fact]
    public void After_a_store_went_back_lower_revisions_are_the_newer()
    {
        Take(80, Mark(Begins), Created(1, 70), Set(1, "a", 71), Set(1, "b", 72), Assigned(1, "volume", 73), Created(2, 60), Mark(Ends));
        _run.GoesOnAfter(new SessionException(SessionStatus.Compacted, "of the future"));

        Assert.Equal(
            ["StateBegins", "ItemSet 1 a", "Assigned 2 volume", "ItemRemoved 1 b", "StateEnds", "Progress"],
            Told(95, Mark(Begins), Created(1, 90), Set(1, "a", 40), Created(2, 90), Assigned(2, "volume", 50), Mark(Ends)).Select(Text));
        Assert.Equal([SessionEventKind.Released, SessionEventKind.ItemSet, SessionEventKind.Progress], Take(98, Released(2, "volume", 96), Set(1, "a", 97)));
    }

    [Fact]
    public void A_state_that_breaks_off_begins_again_and_is_one_to_who_hears_of_it()
    {
        Take(20, Mark(Begins), Created(1, 10), Created(2, 10), Mark(Ends));
        _run.GoesOnAfter(new SessionException(SessionStatus.Compacted, "too late"));
        Assert.Equal([Begins], Take(0, Mark(Begins), Created(1, 30)));

        Assert.Equal(
            [SessionEventKind.Created, SessionEventKind.Ended, Ends, SessionEventKind.Progress],
            Take(50, Mark(Begins), Created(1, 40), Created(3, 40), Mark(Ends)));
    }

    [Fact]
    public void What_ends_takes_its_items_and_objects_with_it_untold()
    {
        Take(20, Mark(Begins), Created(1, 10), Set(1, "k", 11), Assigned(1, "volume", 12), Mark(Ends));

        Assert.Equal([SessionEventKind.Ended, SessionEventKind.Progress], Take(30, Ended(1, 30)));
        Assert.Equal([SessionEventKind.Created, SessionEventKind.Assigned, SessionEventKind.Progress], Take(32, Created(2, 31), Assigned(2, "volume", 32)));
    }

    [Fact]
    public void Without_a_state_all_is_told_as_it_comes()
    {
        WatchRun run = new(new WatchOptions { AfterRevision = 20 });
        Assert.Equal((20UL, false), (run.After, run.WithState));

        Assert.Equal(
            [SessionEventKind.ItemSet, SessionEventKind.ItemRemoved, SessionEventKind.Ended, SessionEventKind.Released, SessionEventKind.Progress],
            run.Take([Set(1, "k", 21), Removed(1, "other", 22), Ended(1, 23), Released(2, "volume", 24)], 24, 1).Select(one => one.Kind));
    }

    [Fact]
    public void Who_does_not_want_to_be_resynchronized_is_told_that_the_history_is_gone()
    {
        WatchRun run = new(new WatchOptions { Resynchronizes = false });

        Assert.False(run.GoesOnAfter(new SessionException(SessionStatus.Compacted, "too late")));
        Assert.False(_run.GoesOnAfter(new SessionException(SessionStatus.PermissionDenied, "no")));
    }

    [Fact]
    public void A_watch_of_items_alone_hears_of_items_that_are_gone()
    {
        WatchRun run = new(new WatchOptions { Filter = new WatchFilter(WatchKinds.Items) });
        run.Take([Mark(Begins), Set(1, "k", 11), Set(2, "k", 12), Mark(Ends)], 20, 1);
        run.GoesOnAfter(new SessionException(SessionStatus.Compacted, "too late"));

        Assert.Equal(
            ["StateBegins", "ItemRemoved 2 k", "StateEnds", "Progress"],
            run.Take([Mark(Begins), Set(1, "k", 11), Mark(Ends)], 30, 1).Select(Text));
    }

    private SessionEventKind[] Take(ulong revision, params SessionEvent[] said) => [.. Told(revision, said).Select(one => one.Kind)];

    private SessionEvent[] Told(ulong revision, params SessionEvent[] said) => [.. _run.Take(said, revision, 1)];

    private static string Text(SessionEvent said) =>
        $"{said.Kind} {(said.SessionId == 0 ? "" : said.SessionId)} {said.Item?.Key}{said.ObjectName}".TrimEnd();

    private static SessionEvent Mark(SessionEventKind kind) => new() { Kind = kind, Revision = 20 };

    private static SessionEvent Of(SessionEventKind kind, ulong id, ulong revision) =>
        new() { Kind = kind, Revision = revision, SessionId = id, Epoch = id, Identity = $"cs{id}" };

    private static SessionEvent Created(ulong id, ulong revision) => Of(SessionEventKind.Created, id, revision);

    private static SessionEvent Ended(ulong id, ulong revision) => Of(SessionEventKind.Ended, id, revision);

    private static SessionEvent Set(ulong id, string key, ulong revision) =>
        Of(SessionEventKind.ItemSet, id, revision) with { Item = new Item(key, new byte[] { 1 }, revision) };

    private static SessionEvent Removed(ulong id, string key, ulong revision) =>
        Of(SessionEventKind.ItemRemoved, id, revision) with { Item = new Item(key, ReadOnlyMemory<byte>.Empty, revision) };

    private static SessionEvent Assigned(ulong id, string name, ulong revision) =>
        Of(SessionEventKind.Assigned, id, revision) with { AccessPointKind = AccessPointKind.Nfs, ObjectName = name };

    private static SessionEvent Released(ulong id, string name, ulong revision) =>
        Of(SessionEventKind.Released, id, revision) with { AccessPointKind = AccessPointKind.Nfs, ObjectName = name };
}
