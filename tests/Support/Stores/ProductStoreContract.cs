using Interop.Sessions.Lease;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Tests.Support.Stores;

/// <summary>
/// What the product's stores promise beyond that: they refuse what does not fit what they hold, where the simulator's ends the
/// history, and take numbers from a host that elects, and from an import.
/// </summary>
public abstract class ProductStoreContract : SessionStoreContract
{
    [Fact]
    public void A_batch_that_ends_a_session_of_another_epoch_is_refused_as_a_whole()
    {
        IStoreMaster master = Next();
        ulong revision = Lead(master).Revision + 5;
        master.Commit(
            [Changes.Session(1, revision, "one"), Changes.Item(1, "a", revision), Changes.Assignment(AccessPointKind.Nfs, "x", 1)], revision);
        string[] before = ["assignment 1 Nfs x", "item 1 a", "session 1"];

        IsRefusedAsNoLeader(
            master,
            [Changes.Item(1, "b", revision + 1), new StoreChange.RemoveSession(1, revision - 1), Changes.Session(2, revision + 1, "two")],
            revision + 1);
        IsRefusedAsNoLeader(
            master, [new StoreChange.RemoveSession(1, revision + 1) { End = Changes.End(revision + 2, 1, revision + 1, "one") }], revision + 2);
        IsRefusedAsNoLeader(master, [Changes.Session(2, revision + 1, "two"), new StoreChange.RemoveSession(3, revision)], revision + 1);

        master.Leave();
        StoreSnapshot loaded = Lead(Next());
        Assert.Equal(before, NamesOf(loaded));
        Assert.Equal(revision, loaded.FormerRevision);
    }

    [Fact]
    public void A_hosts_number_is_taken_as_it_is_and_a_lower_one_does_not_lead()
    {
        IStoreMaster master = Next();
        Assert.Equal(17UL, master.Lead(Numbered(17)).MasterEpoch);
        master.Leave();
        master = Next();
        // The same host says so again, of the same leadership.
        Assert.Equal(17UL, master.Lead(Numbered(17)).MasterEpoch);
        master.Commit([Changes.Session(1, 1, "one")], 1);
        master.Leave();

        IStoreMaster lower = Next();
        SessionException refusal = Assert.Throws<SessionException>(() => lower.Lead(Numbered(16)));
        Assert.Equal(SessionStatus.NotLeader, refusal.Status);
        lower.Leave();

        master = Next();
        StoreSnapshot loaded = master.Lead(Numbered(18));
        Assert.Equal(18UL, loaded.MasterEpoch);
        Assert.Equal(["session 1"], NamesOf(loaded with { Content = [.. loaded.Content] }));
    }

    [Fact]
    public void A_leadership_counts_above_a_number_that_has_led_elsewhere()
    {
        ulong elsewhere = EpochFloor.At(4_000_000_000_000);
        IStoreMaster master = Next();
        Assert.True(master.Lead(new LeadRequest { UnixMs = 1_000_000, MasterEpochAbove = elsewhere }).MasterEpoch > elsewhere);
        master.Leave();

        Assert.True(Lead(Next()).MasterEpoch > elsewhere + 1);
    }

    private static LeadRequest Numbered(ulong masterEpoch) => new() { UnixMs = 1_000_000, MasterEpoch = masterEpoch };
}
