using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Hooks of which as many hang as may run: whoever waits behind them is told.</summary>
public sealed class StuckHooksTests
{
    private const long StuckNs = Limits.HooksStuckMs * 1_000_000L;
    private const long BeganNs = 5_000_000_000;

    private readonly HookOrder<int> _hooks = new();

    [Fact]
    public void What_waits_is_refused_when_none_has_returned_for_a_while()
    {
        Run(Limits.MaxHookThreads);
        Hook<int> waiting = _hooks.PostCall("waiting", "CheckLeader", 0, 0, isAdmitted: false, BeganNs);
        Hook<int> admitted = _hooks.PostCall("admitted", "SessionCreated", 0, 0, isAdmitted: true, BeganNs);

        Assert.Empty(_hooks.DropStuck(BeganNs + StuckNs - 1));
        Assert.Equal([waiting], _hooks.DropStuck(BeganNs + StuckNs));
        Assert.Equal(
            (SessionStatus.Overloaded,
                "the host's hooks hang or are behind: all that may run at a time run, and none has returned for 2000 ms; 256 run, for longest " +
                "CheckLeader of 'server-0', for 2000 ms"),
            (_hooks.RefusalOfStuck(BeganNs + StuckNs).Status, _hooks.RefusalOfStuck(BeganNs + StuckNs).Message));
        Assert.NotEqual(0U, _hooks.RefusalOfStuck(BeganNs + StuckNs).RetryAfterMs);

        // Its session is stored already.
        Assert.False(admitted.HasBegun);
        Assert.Equal(1, _hooks.WaitingOn(HookWay.Call));
        Assert.Empty(_hooks.DropStuck(BeganNs + (2 * StuckNs)));
    }

    [Fact]
    public void What_comes_then_is_refused_at_once_and_taken_again_when_one_has_returned()
    {
        List<Hook<int>> running = Run(Limits.MaxHookThreads);

        SessionException refusal = Assert.Throws<SessionException>(
            () => _hooks.PostCall("late", "CheckLeader", 0, 0, isAdmitted: false, BeganNs + StuckNs));
        Assert.Equal(SessionStatus.Overloaded, refusal.Status);
        Assert.NotNull(_hooks.PostCall("admitted", "SessionCreated", 0, 0, isAdmitted: true, BeganNs + StuckNs));

        _hooks.Done(running[0]);
        Assert.NotNull(_hooks.PostCall("late", "CheckLeader", 0, 0, isAdmitted: false, BeganNs + StuckNs));
    }

    [Fact]
    public void Hooks_that_are_slow_and_return_keep_nobody_out()
    {
        Queue<Hook<int>> running = new(Run(Limits.MaxHookThreads));
        long nowNs = BeganNs;
        for (int i = 0; i < 20; i++)
        {
            nowNs += StuckNs / 2;
            _hooks.PostCall($"next-{i}", "CheckLeader", 0, 0, isAdmitted: false, nowNs);
            _hooks.PostCall($"behind-{i}", "CheckLeader", 0, 0, isAdmitted: false, nowNs);
            _hooks.Done(running.Dequeue());
            running.Enqueue(_hooks.Take(HookWay.Call, nowNs)!);
            Assert.Empty(_hooks.DropStuck(nowNs));
        }
    }

    [Fact]
    public void One_that_has_a_thread_left_is_not_stuck()
    {
        Run(Limits.MaxHookThreads - 1);
        _hooks.PostCall("waiting", "CheckLeader", 0, 0, isAdmitted: false, BeganNs);

        Assert.Empty(_hooks.DropStuck(BeganNs + (100 * StuckNs)));
        Assert.NotNull(_hooks.Take(HookWay.Call, BeganNs + (100 * StuckNs)));
    }

    private List<Hook<int>> Run(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            _hooks.PostCall($"server-{i}", "CheckLeader", i, 0, isAdmitted: false, BeganNs);
            return _hooks.Take(HookWay.Call, BeganNs)!;
        }),
    ];
}
