using Interop.Sessions.Client;
using Interop.Sessions.Protocol.V1;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>What a watch says, as it comes.</summary>
public sealed class WatchEventsTests
{
    private const ulong Impossible = Limits.MaxCountedRevision + 1;

    public static TheoryData<WatchReply> OfNoMaster =>
    [
        new WatchReply { MasterEpoch = Limits.MaxMasterEpoch + 1 },
        new WatchReply { Revision = ulong.MaxValue },
        new WatchReply { Events = { new WatchEvent { Kind = 1, Revision = Impossible } } },
        new WatchReply { Events = { new WatchEvent { Kind = 1, Revision = 1, Epoch = Impossible } } },
        new WatchReply { Events = { new WatchEvent { Kind = 1, Revision = 1, Item = new Protocol.V1.Item { Revision = Impossible } } } },
    ];

    [Theory]
    [MemberData(nameof(OfNoMaster))]
    public void A_message_of_numbers_up_to_which_no_master_counts_moves_no_watch_there(WatchReply said)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => WatchEvents.Of(said));

        Assert.Equal(SessionStatus.NoMaster, refusal.Status);
    }

    [Fact]
    public void The_highest_numbers_that_there_can_be_are_told()
    {
        WatchReply said = new()
        {
            MasterEpoch = Limits.MaxMasterEpoch,
            Revision = Limits.MaxCountedRevision,
            Events = { new WatchEvent { Kind = 1, Revision = Limits.MaxCountedRevision } },
        };

        SessionEvent told = Assert.Single(WatchEvents.Of(said));

        Assert.Equal((Limits.MaxCountedRevision, Limits.MaxMasterEpoch), (told.Revision, told.MasterEpoch));
    }
}
