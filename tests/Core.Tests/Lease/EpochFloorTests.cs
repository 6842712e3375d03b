using Interop.Sessions.Lease;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Lease;

/// <summary>P3: no number of a leadership or a session comes twice, whatever has happened to the store.</summary>
public sealed class EpochFloorTests
{
    private const long Now = 1_800_000_000_000;

    [Fact]
    public void A_second_leaves_room_for_two_million_changes()
    {
        Assert.Equal(2_097_152UL, EpochFloor.At(Now + 1000) - EpochFloor.At(Now));
        Assert.InRange(EpochFloor.At(Now + 1) - EpochFloor.At(Now), 2000UL, 2100UL);
    }

    [Fact]
    public void Every_number_is_read_exactly_by_readers_of_JSON()
    {
        const ulong LargestExact = 1UL << 53;
        Assert.True(EpochFloor.At(uint.MaxValue * 1000L) + ((1UL << EpochFloor.StepBits) - 1) < LargestExact);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData((uint.MaxValue * 1000L) + 1)]
    public void A_clock_that_cannot_be_right_is_refused_with_what_it_says(long ms)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => EpochFloor.At(ms));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains($"{ms} ms", refusal.Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3_600_000, 3_600_000)]
    [InlineData(2000, 2000)]
    [InlineData(1000, 0)]
    [InlineData(0, 0)]
    [InlineData(-3_600_000, 0)]
    public void A_number_ahead_of_the_clock_is_told(long aheadMs, long toldMs)
    {
        Assert.Equal(toldMs, EpochFloor.AheadMs(EpochFloor.At(Now + aheadMs), Now));
        Assert.Equal(0, EpochFloor.AheadMs(0, Now));
    }

    [Theory]
    [InlineData(ulong.MaxValue, 0UL)]
    [InlineData(1UL << 63, 0UL)]
    [InlineData((ulong)long.MaxValue, 0UL)]
    [InlineData(0UL, ulong.MaxValue)]
    [InlineData(0UL, (1UL << 62) + 1)]
    public void A_store_whose_counters_somebody_has_put_at_their_end_is_not_led_on_with_lower_ones(ulong masterEpoch, ulong revision)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => Count(masterEpoch, revision, Now));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        LeadRequest import = new() { UnixMs = Now, MasterEpochAbove = masterEpoch };
        Assert.Throws<SessionException>(() => import.Count(0, revision, "the store"));
    }

    [Fact]
    public void A_store_that_is_put_back_goes_on_above_what_it_has_forgotten()
    {
        (ulong epoch, ulong revision) = Count(0, 0, Now);
        (ulong copyEpoch, ulong copyRevision) = (epoch, revision + 3);
        // After the copy: two leaderships, and as many changes as the clock leaves room for.
        (epoch, revision) = Count(copyEpoch, copyRevision, Now + 1000);
        (epoch, revision) = Count(epoch, revision + 2_000, Now + 1001);

        (ulong nextEpoch, ulong nextRevision) = Count(copyEpoch, copyRevision, Now + 1002);

        Assert.True(nextEpoch > epoch);
        Assert.True(nextRevision >= revision);
    }

    [Fact]
    public void A_store_that_was_lost_goes_on_above_what_it_was()
    {
        (ulong epoch, ulong revision) = Count(1, 1, Now);

        (ulong nextEpoch, ulong nextRevision) = Count(0, 0, Now + 1);

        Assert.True(nextEpoch > epoch);
        Assert.True(nextRevision >= revision + 1000);
    }

    [Fact]
    public void A_new_store_of_which_an_older_copy_is_put_back_soon_goes_on_above_what_it_has_forgotten()
    {
        (ulong epoch, ulong revision) = Count(0, 0, Now);
        (ulong copyEpoch, ulong copyRevision) = (epoch, revision);
        (epoch, revision) = Count(epoch, revision, Now + 5);

        (ulong nextEpoch, ulong nextRevision) = Count(copyEpoch, copyRevision, Now + 10);

        Assert.True(nextEpoch > epoch);
        Assert.True(nextRevision >= revision + 1000);
    }

    [Fact]
    public void A_clock_that_goes_back_takes_no_number_back()
    {
        Assert.Equal((101UL, 200UL), Count(100, 200, 0));
    }

    [Fact]
    public void The_number_of_a_host_is_taken_as_it_is_and_never_a_lower_one()
    {
        LeadRequest request = new() { UnixMs = Now, MasterEpoch = 7 };
        Assert.Equal((7UL, EpochFloor.At(Now)), request.Count(7, 1, "the store"));
        SessionException refusal = Assert.Throws<SessionException>(() => request.Count(8, 1, "the store"));
        Assert.Equal(SessionStatus.NotLeader, refusal.Status);
    }

    [Fact]
    public void A_number_of_a_host_that_no_store_keeps_and_no_follower_believes_leads_nowhere()
    {
        LeadRequest highest = new() { UnixMs = Now, MasterEpoch = Limits.MaxMasterEpoch };
        Assert.Equal(Limits.MaxMasterEpoch, highest.Count(7, 1, "the store").MasterEpoch);

        SessionException refusal = Assert.Throws<SessionException>(
            () => (highest with { MasterEpoch = Limits.MaxMasterEpoch + 1 }).Count(7, 1, "the store"));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
    }

    [Fact]
    public void An_import_leads_above_what_had_led_where_the_export_was_made()
    {
        LeadRequest request = new() { UnixMs = Now, MasterEpochAbove = EpochFloor.At(Now + 1_000_000) };
        Assert.Equal(EpochFloor.At(Now + 1_000_000) + 1, request.Count(0, 0, "the store").MasterEpoch);
    }

    private static (ulong MasterEpoch, ulong Revision) Count(ulong epoch, ulong revision, long seconds) =>
        new LeadRequest { UnixMs = seconds }.Count(epoch, revision, "the store");
}
