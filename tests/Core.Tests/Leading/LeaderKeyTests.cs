using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Leading;

/// <summary>What a leader key that is found means, and until when its master may act.</summary>
public sealed class LeaderKeyTests
{
    private const uint TermMs = 6_000;
    private const long SentNs = 100 * Ns.PerSecond;
    private const long Revision = 42;

    private readonly LeaderKey _key = new(TermMs, rateBoundPpm: 0);

    public LeaderKeyTests() => _key.Created(1, Revision, SentNs, SentNs + Ns.FromMs(10));

    [Fact]
    public void It_may_act_for_a_term_from_before_the_lease_was_asked_for()
    {
        Assert.True(_key.Lease.MayAct(SentNs + Ns.FromMs(TermMs) - 1));
        Assert.False(_key.Lease.MayAct(SentNs + Ns.FromMs(TermMs)));
        _key.Moves(2);
        _key.Moved(2, SentNs + Ns.PerSecond, SentNs + (2 * Ns.PerSecond));
        Assert.True(_key.Lease.MayAct(SentNs + Ns.FromMs(TermMs)));
        Assert.Equal((2, Revision), (_key.LeaseId, _key.CreateRevision));
    }

    [Fact]
    public void A_move_of_which_only_the_answer_was_lost_ends_nothing_and_prolongs_nothing()
    {
        _key.Moves(2);
        _key.Moves(3);
        Assert.Equal([1, 2, 3], _key.Leases.Order());

        Assert.True(_key.IsStill(new FoundKey(Revision, 2)));

        Assert.Equal(2, _key.LeaseId);
        Assert.False(_key.IsOver);
        Assert.False(_key.Lease.MayAct(SentNs + Ns.FromMs(TermMs)));
    }

    [Fact]
    public void A_key_without_a_lease_was_written_over_by_hand_and_is_moved_again()
    {
        Assert.True(_key.IsStill(new FoundKey(Revision, 0)));
        Assert.Equal(0, _key.LeaseId);
    }

    [Theory]
    [InlineData(Revision, 9)]
    [InlineData(Revision + 1, 1)]
    [InlineData(Revision + 1, 0)]
    public void A_key_of_another_revision_or_lease_is_anothers(long revision, long leaseId)
    {
        Assert.False(_key.IsStill(new FoundKey(revision, leaseId)));
        Assert.True(_key.IsOver);
        Assert.False(_key.Lease.MayAct(SentNs));
    }

    [Fact]
    public void A_key_that_is_gone_is_lost()
    {
        Assert.False(_key.IsStill(null));
        Assert.True(_key.IsOver);
    }

    [Fact]
    public void Once_it_has_moved_former_leases_mean_nothing()
    {
        _key.Moves(2);
        _key.Moved(2, SentNs, SentNs);
        Assert.Equal([2], _key.Leases);
        Assert.False(_key.IsOwn(new FoundKey(Revision, 1)));
    }

    [Fact]
    public void It_is_prolonged_several_times_a_term_and_sooner_after_a_failure_but_not_while_a_write_hangs()
    {
        Assert.Equal((1500, 500), (_key.PauseMs(isProlonged: true), _key.PauseMs(isProlonged: false)));
        Assert.True(_key.MayProlong(Ns.FromMs(TermMs / 2)));
        Assert.False(_key.MayProlong(Ns.FromMs(TermMs / 2) + 1));
    }
}
