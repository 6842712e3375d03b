using Interop.Sessions.Core.Tests.Master;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Store;

/// <summary>What a writer and a store promise each other.</summary>
public sealed class ChangeRulesTests
{
    private static readonly StoreChange s_item = new StoreChange.PutItem(1, "key", new byte[] { 1 }, Revision: 7);

    [Fact]
    public void What_a_table_hands_out_is_in_order()
    {
        TestTable test = new();
        Session session = test.Table.Create(TestTable.Server("a"), 1, test.NowNs);
        AssertInOrder(test);
        test.Table.SetItem(session.Key, "key", new byte[] { 1 }, null);
        AssertInOrder(test);
        test.Table.Close(session.Key);
        AssertInOrder(test);
    }

    [Fact]
    public void A_revision_that_goes_back_or_lies_ahead_is_a_fault()
    {
        Assert.Null(ChangeRules.FaultOf([s_item], 6, 7));
        Assert.NotNull(ChangeRules.FaultOf([s_item], 5, 6));
        Assert.NotNull(ChangeRules.FaultOf([s_item], 8, 7));
        Assert.NotNull(ChangeRules.FaultOf([new StoreChange.PutItem(1, "key", new byte[] { 1 }, Revision: 0)], 6, 7));
        Assert.NotNull(ChangeRules.FaultOf([new StoreChange.Together([s_item])], 5, 6));
    }

    [Fact]
    public void What_a_store_could_not_keep_whole_is_a_fault()
    {
        StoreChange.PutWrites writes = new(2, 1, WriteLog.Empty);
        Assert.Null(ChangeRules.FaultOf([new StoreChange.Together([s_item, new StoreChange.RemoveItem(1, "other")])]));
        Assert.NotNull(ChangeRules.FaultOf([new StoreChange.Together([])]));
        Assert.NotNull(ChangeRules.FaultOf([new StoreChange.Together([new StoreChange.Together([s_item])])]));
        Assert.NotNull(ChangeRules.FaultOf([new StoreChange.RemoveItem(1, "key") { Writes = writes }]));
        Assert.NotNull(ChangeRules.FaultOf([new StoreChange.PutItem(1, "key", new byte[] { 1 }, 7) { Writes = writes }]));
        Assert.NotNull(ChangeRules.FaultOf([new StoreChange.RemoveSession(1, 2) { End = End(sessionId: 3) }]));
        Assert.Null(ChangeRules.FaultOf([new StoreChange.RemoveSession(3, 2) { End = End(sessionId: 3) }]));
    }

    private static void AssertInOrder(TestTable test)
    {
        Assert.NotEmpty(test.Table.Changes);
        Assert.Null(ChangeRules.FaultOf(test.Table.Changes, test.Table.DurableRevision, test.Table.Revision));
        test.Table.Accept();
    }

    private static SessionEnd End(ulong sessionId) => new()
    {
        Revision = 4,
        SessionId = sessionId,
        Epoch = 2,
        Identity = "a",
        HostName = "",
        ProcessId = 1,
        PeerAddress = "",
        Reason = SessionEndReason.Closed,
        Text = "",
        EndedUnixMs = 0,
        SilentMs = 0,
        IsHeard = true,
        IsGateClosed = false,
    };
}
