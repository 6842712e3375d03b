using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <content>Calls of a host whose hooks hang: whoever waits behind them hears so, and not only when the caller's time is over.</content>
public sealed partial class HookOrder<T>
{
    private readonly LinkedList<Hook<T>> _stuck = [];

    /// <summary>When the last call began: with none that waits, not all threads are taken.</summary>
    private long _lastBeganNs;

    /// <summary>
    /// Drops the calls that wait while all that may run hang, but for those that go on with what was begun.
    /// </summary>
    /// <returns>They; good until the next call of this method.</returns>
    public IReadOnlyCollection<Hook<T>> DropStuck(long nowNs)
    {
        _stuck.Clear();
        if (!IsStuck(nowNs))
        {
            return _stuck;
        }

        foreach ((_, HookLane<T> lane) in _lanes)
        {
            DropInto(_stuck, lane.WaitingOn(HookWay.Call), HookWay.Call, leadership: null, sparesAdmitted: true);
        }

        return _stuck;
    }

    /// <summary>What those hear.</summary>
    public SessionException RefusalOfStuck(long nowNs) => Refusal(WhatIsStuck(nowNs), nowNs);

    private bool IsStuck(long nowNs) =>
        _runningOn[(int)HookWay.Call] >= HookWay.Call.MostRunning() && nowNs - _lastBeganNs >= Ns.FromMs(Limits.HooksStuckMs);

    private string WhatIsStuck(long nowNs) => $"all that may run at a time run, and none has returned for {Ns.ToMs(nowNs - _lastBeganNs)} ms";
}
