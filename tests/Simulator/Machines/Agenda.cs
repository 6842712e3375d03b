using System;
using System.Collections.Generic;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>What happens when, in true time: the only time that passes.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (long AtNs, long Order)> _events = new();
    private long _order;

    /// <summary>True time, which no process can read.</summary>
    internal long NowNs { get; private set; }

    internal long EventCount { get; private set; }

    internal void At(long atNs, Action happens) => _events.Enqueue(happens, (Math.Max(atNs, NowNs), _order++));

    internal void After(long delayNs, Action happens) => At(NowNs + delayNs, happens);

    internal void RunUntil(long endNs)
    {
        while (_events.TryPeek(out _, out (long AtNs, long Order) next) && next.AtNs <= endNs)
        {
            Action happens = _events.Dequeue();
            NowNs = next.AtNs;
            EventCount++;
            happens();
        }

        NowNs = endNs;
    }
}
