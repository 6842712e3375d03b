using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>Changes of state that wait for a callback that hangs, and their order among others.</summary>
public sealed class CallbackOrderTests
{
    private readonly CallbackOrder _order = new();
    private int _rings;

    [Fact]
    public void However_many_there_are_few_wait_and_the_host_hears_the_first_and_the_last()
    {
        AddAll(1, 10_000);
        Assert.Equal(Limits.MaxWaitingStateChanges, _rings);
        Assert.Equal([.. Numbers(1, Limits.MaxWaitingStateChanges - 1), 10_000UL], Told());
    }

    [Fact]
    public void All_are_told_that_a_callback_keeps_up_with()
    {
        AddAll(1, Limits.MaxWaitingStateChanges);
        Assert.Equal(Numbers(1, Limits.MaxWaitingStateChanges), Told());
        AddAll(1, Limits.MaxWaitingStateChanges);
        Assert.Equal(Numbers(1, Limits.MaxWaitingStateChanges), Told());
    }

    [Fact]
    public void What_comes_after_something_else_is_told_after_it()
    {
        AddAll(1, 1000);
        AddLoss(0);
        AddAll(1001, 2000);
        Assert.Equal([.. Numbers(1, Limits.MaxWaitingStateChanges - 1), 1000UL, 0UL, 2000UL], Told());
    }

    [Fact]
    public void What_is_told_just_now_stays_as_it_is()
    {
        AddAll(1, Limits.MaxWaitingStateChanges);
        List<LifeCallback> taken = [];
        while (_order.Take() is { } next)
        {
            taken.Add(next);
            _order.Returned(null);
        }

        AddAll(1001, 1001);
        Assert.Equal((ulong)Limits.MaxWaitingStateChanges, taken[^1].Info.MasterEpoch);
        Assert.Equal([1001UL], Told());
        Assert.True(_order.IsIdle);
    }

    private static IEnumerable<ulong> Numbers(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => (ulong)number);

    private void AddAll(int first, int last)
    {
        foreach (ulong number in Numbers(first, last))
        {
            _rings += _order.AddState(new SessionInfo { MasterEpoch = number }) ? 1 : 0;
        }
    }

    private void AddLoss(ulong number) =>
        _order.Add(LifeCallback.OfLoss(new SessionInfo { MasterEpoch = number }, default));

    private List<ulong> Told()
    {
        List<ulong> told = [];
        while (_order.Take() is { } next)
        {
            told.Add(next.Info.MasterEpoch);
            _order.Returned(null);
        }

        return told;
    }
}
