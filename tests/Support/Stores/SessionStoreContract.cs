using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Lease;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Tests.Support.Stores;

/// <summary>
/// What every store promises to the masters that lead on it, whatever it is made of: how its leaderships begin and end. What is
/// stored is in the other part.
/// </summary>
public abstract partial class SessionStoreContract : IDisposable
{
    private readonly List<IStoreMaster> _masters = [];
    private long _unixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Another master on the same store, which may be made when nobody leads.</summary>
    protected abstract IStoreMaster Open();

    /// <summary>Another may lead from now on, and the master that has led so far is not told.</summary>
    protected abstract void Depose(IStoreMaster former);

    /// <summary>Takes a copy of the store, while nobody leads on it; what it gives puts the copy in the store's place.</summary>
    protected abstract Action Copy();

    /// <summary>Commits while the answer, or the request itself, gets lost; throws what the master is told.</summary>
    protected abstract void CommitInDoubt(IStoreMaster master, IReadOnlyList<StoreChange> changes, ulong revision);

    /// <summary>Nothing gets lost any more, and another may lead.</summary>
    protected abstract void EndDoubt(IStoreMaster master);

    /// <summary>How many commits in doubt show all that can come of one.</summary>
    protected virtual int Doubts => 1;

    public void Dispose()
    {
        _masters.ForEach(master => master.Dispose());
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the store is in goes, when all masters have gone.</summary>
    protected abstract void Release();

    [Fact]
    public void A_store_without_a_past_is_empty_and_of_this_releases_format()
    {
        StoreSnapshot empty = Lead(Next());

        Assert.Equal((0UL, 0U, false), (empty.FormerRevision, empty.LengthenedTermMs, empty.IsRestored));
        Assert.Equal(StoreFormat.New, empty.Format);
        Assert.Empty(empty.Content);
    }

    [Fact]
    public void What_was_committed_outlives_a_master_that_dies_without_a_word()
    {
        IStoreMaster dies = Next();
        ulong revision = Lead(dies).Revision + 2;
        dies.Commit([Changes.Session(1, revision - 1, "one"), Changes.Item(1, "a", revision)], revision);
        Depose(dies);

        StoreSnapshot loaded = Lead(Next());

        Assert.Equal(revision, loaded.FormerRevision);
        Assert.Equal(["item 1 a", "session 1"], NamesOf(loaded));
    }

    [Fact]
    public void The_revision_is_that_of_the_highest_commit_and_never_counts_back()
    {
        IStoreMaster master = Next();
        ulong begun = Lead(master).Revision;
        master.Commit([Changes.Session(1, begun + 9, "one")], begun + 9);
        master.Commit([Changes.Item(1, "a", begun + 3)], begun + 3);
        master.Leave();

        StoreSnapshot loaded = Lead(Next());

        Assert.Equal(begun + 9, loaded.FormerRevision);
        Assert.True(loaded.Revision >= begun + 9);
    }

    [Fact]
    public void A_leadership_begins_above_all_numbers_before_it_whatever_the_wall_clock_says()
    {
        (ulong MasterEpoch, ulong Revision) former = default;
        foreach (long unixMs in new[] { 1_000_000L, 1_000_000L, 2_000_000L, 5L })
        {
            IStoreMaster master = Next();
            StoreSnapshot begun = master.Lead(new LeadRequest { UnixMs = unixMs });
            Assert.True(begun.MasterEpoch > former.MasterEpoch);
            Assert.True(begun.MasterEpoch >= EpochFloor.At(unixMs));
            Assert.Equal(former.Revision, begun.FormerRevision);
            Assert.True(begun.Revision >= former.Revision);
            Assert.True(begun.Revision >= EpochFloor.At(unixMs));
            former = (begun.MasterEpoch, begun.Revision + 1000);
            master.Commit([Changes.Session(1, former.Revision, "one"), new StoreChange.RemoveSession(1, former.Revision)], former.Revision);
            master.Leave();
        }
    }

    [Fact]
    public void A_leadership_that_commits_nothing_has_counted_all_the_same()
    {
        IStoreMaster idle = Next();
        StoreSnapshot begun = idle.Lead(new LeadRequest { UnixMs = 2_000_000 });
        Depose(idle);

        StoreSnapshot next = Next().Lead(new LeadRequest { UnixMs = 1_000_000 });

        Assert.True(next.MasterEpoch > begun.MasterEpoch);
        Assert.Equal((begun.Revision, begun.Revision), (next.FormerRevision, next.Revision));
    }

    [Fact]
    public void A_deposed_masters_late_commit_is_refused_and_changes_nothing()
    {
        IStoreMaster deposed = Next();
        ulong revision = Lead(deposed).Revision + 1;
        deposed.Commit([Changes.Session(1, revision, "one"), Changes.Item(1, "a", revision)], revision);
        Depose(deposed);
        IStoreMaster leader = Next();
        Lead(leader);

        IsRefusedAsNoLeader(deposed, [new StoreChange.RemoveItem(1, "a")], revision + 1000);
        IsRefusedAsNoLeader(deposed, [new StoreChange.PutState(60_000, IsRestored: true)], revision + 1000);
        StoreChange.RemoveSession late = new(1, revision) { End = Changes.End(revision + 2, 1, revision, "one") };
        IsRefusedAsNoLeader(deposed, [late, Changes.Session(2, revision + 1, "two")], revision + 2);

        leader.Commit([Changes.Item(1, "b", revision + 1)], revision + 1);
        leader.Leave();
        StoreSnapshot loaded = Lead(Next());
        Assert.Equal(["item 1 a", "item 1 b", "session 1"], NamesOf(loaded));
        Assert.Equal((0U, false), (loaded.LengthenedTermMs, loaded.IsRestored));
    }

    [Fact]
    public void A_store_that_went_back_gives_out_no_number_twice_and_tells_how_far_it_remembers()
    {
        IStoreMaster before = Next();
        ulong kept = Lead(before).Revision + 1;
        before.Commit([Changes.Session(1, kept, "one")], kept);
        before.Leave();
        Action putBack = Copy();
        IStoreMaster forgotten = Next();
        StoreSnapshot lost = Lead(forgotten);
        forgotten.Commit([Changes.Session(2, lost.Revision + 1, "two")], lost.Revision + 1);
        forgotten.Leave();
        putBack();

        StoreSnapshot next = Lead(Next());

        Assert.Equal(["session 1"], NamesOf(next));
        Assert.True(next.MasterEpoch > lost.MasterEpoch);
        Assert.True(next.Revision > lost.Revision + 1);
        Assert.Equal(kept, next.FormerRevision);
    }

    [Fact]
    public void A_master_whose_store_went_back_beneath_it_changes_nothing_any_more()
    {
        IStoreMaster before = Next();
        ulong kept = Lead(before).Revision + 1;
        before.Commit([Changes.Session(1, kept, "one")], kept);
        before.Leave();
        Action putBack = Copy();
        IStoreMaster beneath = Next();
        ulong lost = Lead(beneath).Revision + 1;
        beneath.Commit([Changes.Session(2, lost, "two")], lost);
        putBack();

        IsRefusedAsNoLeader(beneath, [Changes.Item(2, "a", lost + 1)], lost + 1);
        IsRefusedAsNoLeader(beneath, [new StoreChange.RemoveSession(1, kept)], lost + 2);

        beneath.Dispose();
        Assert.Equal(["session 1"], NamesOf(Lead(Next())));
    }

    [Fact]
    public void A_commit_in_doubt_says_so_and_is_there_as_a_whole_or_not_at_all()
    {
        for (int doubt = 0; doubt < Doubts; doubt++)
        {
            ulong id = (ulong)doubt + 1;
            IStoreMaster master = Next();
            StoreSnapshot begun = Lead(master);
            ulong revision = begun.Revision + 2;
            StoreChange[] batch = [Changes.Session(id, revision - 1, $"server {id}"), Changes.Item(id, "a", revision)];

            SessionException told = Assert.Throws<SessionException>(() => CommitInDoubt(master, batch, revision));

            Assert.True(told.IsOutcomeUnknown, told.Message);
            EndDoubt(master);
            IStoreMaster next = Next();
            StoreSnapshot loaded = Lead(next);
            bool isMade = loaded.FormerRevision == revision;
            Assert.Equal(isMade ? revision : begun.Revision, loaded.FormerRevision);
            Assert.Equal(
                isMade ? [$"item {id} a", $"session {id}"] : [],
                NamesOf(loaded).Where(name => name.Split(' ')[1] == $"{id}"));
            next.Leave();
        }
    }

    /// <summary>Another master, which goes with the test.</summary>
    protected IStoreMaster Next()
    {
        IStoreMaster master = Open();
        _masters.Add(master);
        return master;
    }

    /// <summary>Leads, and each time at a later date than before, as it must be where a store goes back.</summary>
    protected StoreSnapshot Lead(IStoreMaster master)
    {
        ArgumentNullException.ThrowIfNull(master);
        StoreSnapshot snapshot = master.Lead(new LeadRequest { UnixMs = _unixMs += 5 });
        // Read at once: what is stored may be changed soon.
        return snapshot with { Content = [.. snapshot.Content] };
    }

    /// <summary>What is there, each by its kind and name.</summary>
    protected static IEnumerable<string> NamesOf(StoreSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Content.Select(Changes.NameOf).Order(StringComparer.Ordinal);
    }

    protected static void IsRefusedAsNoLeader(IStoreMaster master, IReadOnlyList<StoreChange> changes, ulong revision)
    {
        ArgumentNullException.ThrowIfNull(master);
        SessionException refusal = Assert.Throws<SessionException>(() => master.Commit(changes, revision));
        Assert.Equal((SessionStatus.NotLeader, false), (refusal.Status, refusal.IsOutcomeUnknown));
    }
}
