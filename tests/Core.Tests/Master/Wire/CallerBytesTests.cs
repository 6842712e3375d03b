using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class CallerBytesTests
{
    [Fact]
    public void Whoever_does_not_read_leaves_room_for_others()
    {
        CallerBytes bytes = new(mostOfAll: 100, mostOfOne: 40);

        Assert.True(bytes.TryTake("a", 40));
        Assert.False(bytes.TryTake("a", 1));
        Assert.True(bytes.TryTake("b", 40));
        Assert.True(bytes.TryTake(null, 20));
        Assert.False(bytes.TryTake("c", 1));
        bytes.Return("a", 10);
        Assert.True(bytes.TryTake("c", 10));
        Assert.False(bytes.TryTake("a", 1));
    }

    [Fact]
    public void What_is_more_than_a_caller_may_hold_goes_out_alone()
    {
        CallerBytes bytes = new(mostOfAll: 100, mostOfOne: 40);

        Assert.True(bytes.TryTake("a", 60));
        Assert.False(bytes.TryTake("a", 1));
        Assert.True(bytes.TryTake("b", 40));
    }

    [Fact]
    public void A_name_that_holds_nothing_is_forgotten()
    {
        CallerBytes bytes = new(mostOfAll: 100, mostOfOne: 40);
        bytes.TryTake("a", 100);
        bytes.TryTake("b", 1);
        Assert.Equal(1, bytes.Count);
        bytes.Return("a", 100);
        Assert.Equal(0, bytes.Count);
    }
}
