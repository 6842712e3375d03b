using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Wire;

/// <summary>Bytes that are held at the same time.</summary>
public sealed class ByteBudgetTests
{
    private readonly ByteBudget _budget = new(100);

    [Fact]
    public void What_fits_is_granted_until_it_is_given_back()
    {
        Assert.True(_budget.TryTake(60));
        Assert.True(_budget.TryTake(40));
        Assert.False(_budget.TryTake(1));
        _budget.Return(40);
        Assert.True(_budget.TryTake(40));
        Assert.Equal(100, _budget.Held);
    }

    [Fact]
    public void What_is_larger_than_all_is_granted_to_one_at_a_time()
    {
        Assert.True(_budget.TryTake(500));
        Assert.False(_budget.TryTake(500));
        Assert.False(_budget.TryTake(1));
        _budget.Return(500);
        Assert.True(_budget.TryTake(1));
        Assert.False(_budget.TryTake(500));
    }

    [Fact]
    public void A_holder_who_is_alone_may_have_more()
    {
        Assert.True(_budget.TryTake(90));
        Assert.True(_budget.TryTake(90, own: 90));
        Assert.True(_budget.TryTake(1, own: 180));
        Assert.False(_budget.TryTake(1));
    }
}
