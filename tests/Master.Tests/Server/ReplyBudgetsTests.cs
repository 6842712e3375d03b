using System;
using Interop.Sessions.Master.Server;
using Interop.Sessions.Master.Server.Listening;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>How many bytes of answers wait for their readers, and for how long.</summary>
public sealed class ReplyBudgetsTests
{
    private const int Share = (int)Limits.MaxReplyBytesPerConnection;
    private readonly ReplyBudgets _budgets = new();
    private readonly ClientConnection _one = new(new DefaultConnectionContext(), null);
    private readonly ClientConnection _other = new(new DefaultConnectionContext(), null);

    [Fact]
    public void A_connection_that_reads_nothing_leaves_room_for_others()
    {
        for (int i = 0; i < 4; i++)
        {
            Assert.Null(Take(Share / 4, _one));
        }

        SessionException full = Take(Share / 4, _one)!;

        Assert.Equal((SessionStatus.Overloaded, Limits.WireRetryMs), (full.Status, full.RetryAfterMs));
        Assert.StartsWith("this connection's answers", full.Message, StringComparison.Ordinal);
        Assert.Null(Take(Share, _other));
    }

    [Fact]
    public void The_largest_answer_goes_out_and_leaves_room_for_all_others()
    {
        Assert.Null(Take(Limits.MaxMessageBytes, _one));

        Assert.NotNull(Take(Share + 1, _one));
        Assert.NotNull(Take(Share + 1, _other));
        Assert.Null(Take(Share, _one));
        Assert.Null(Take(Share, _other));
    }

    [Fact]
    public void What_has_been_read_makes_room()
    {
        (SharedBudget budget, ByteBudget share) = _budgets.For(Share, _one);
        Assert.Null(Take(Share, _one));
        Assert.NotNull(Take(1, _one));

        budget.Return(share, Share);

        Assert.Equal(0, budget.Held);
        Assert.Null(Take(Share, _one));
    }

    [Theory]
    [InlineData(4096, 5016)]
    [InlineData(1024 * 1024, 9096)]
    [InlineData(20 * 1024 * 1024, Limits.MaxReplyPatienceMs)]
    [InlineData(Limits.MaxMessageBytes, Limits.MaxReplyPatienceMs)]
    public void An_answer_may_be_read_on_a_narrow_path_and_is_given_up_after_seconds_however_large(int bytes, int patienceMs) =>
        Assert.Equal(patienceMs, ReplyHolding.PatienceMs(bytes));

    private SessionException? Take(int bytes, ClientConnection connection)
    {
        (SharedBudget budget, ByteBudget share) = _budgets.For(bytes, connection);
        return budget.Take(share, bytes);
    }
}
