using System;
using System.Collections.Generic;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>What happens when, in true time: the only time that passes. What is planned for the same time happens in order of planning.</summary>
/// <remarks>
/// A heap of four children a node. Its nodes are one number for time and order, and where to find what happens: a history
/// plans thousands of events, and this is where it spends its time.
/// </remarks>
internal sealed class Agenda
{
    private const int Children = 4;
    private const int OrderBits = 25;
    private const long EndNs = 1L << (63 - OrderBits);

    private readonly Stack<int> _free = new();
    private Node[] _heap = new Node[256];
    private Event[] _events = new Event[256];
    private int _count;
    private long _order;

    /// <summary>True time, which no process can read.</summary>
    internal long NowNs { get; private set; }

    internal long EventCount { get; private set; }

    internal void At(long atNs, Action happens) => Plan(atNs, new Event(null, 0, happens));

    internal void After(long delayNs, Action happens) => At(NowNs + delayNs, happens);

    /// <summary>Something happens to a process, if it is still that run of it.</summary>
    internal void At(long atNs, SimProcess process, int run, Action happens) => Plan(atNs, new Event(process, run, happens));

    internal void RunUntil(long endNs)
    {
        while (_count > 0 && _heap[0].AtNs <= endNs)
        {
            NowNs = _heap[0].AtNs;
            EventCount++;
            int place = TakeFirst();
            Event next = _events[place];
            _events[place] = default;
            _free.Push(place);
            if (next.Process == null)
            {
                next.Happens();
            }
            else
            {
                next.Process.Do(next.Run, next.Happens);
            }
        }

        NowNs = endNs;
    }

    private void Plan(long atNs, Event planned)
    {
        long order = _order++;
        if (atNs >= EndNs || order >= 1L << OrderBits)
        {
            throw new InvalidOperationException($"the agenda is too short for event {order} at {atNs} ns");
        }

        // As many places are taken as nodes are in the heap.
        if (!_free.TryPop(out int place))
        {
            place = _count;
        }

        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * _count);
            Array.Resize(ref _events, 2 * _count);
        }

        _events[place] = planned;
        Add(new Node((Math.Max(atNs, NowNs) << OrderBits) | order, place));
    }

    private void Add(Node added)
    {
        int hole = _count++;
        while (hole > 0 && added.Rank < _heap[(hole - 1) / Children].Rank)
        {
            _heap[hole] = _heap[(hole - 1) / Children];
            hole = (hole - 1) / Children;
        }

        _heap[hole] = added;
    }

    private int TakeFirst()
    {
        int first = _heap[0].Place;
        Node last = _heap[--_count];
        int hole = 0;
        int child = 1;
        while (child < _count)
        {
            int end = Math.Min(child + Children, _count);
            int earliest = child;
            while (++child < end)
            {
                earliest = _heap[child].Rank < _heap[earliest].Rank ? child : earliest;
            }

            if (_heap[earliest].Rank > last.Rank)
            {
                break;
            }

            _heap[hole] = _heap[earliest];
            hole = earliest;
            child = (hole * Children) + 1;
        }

        _heap[hole] = last;
        return first;
    }

    private readonly record struct Node(long Rank, int Place)
    {
        internal long AtNs => Rank >> OrderBits;
    }

    private readonly record struct Event(SimProcess? Process, int Run, Action Happens);
}
