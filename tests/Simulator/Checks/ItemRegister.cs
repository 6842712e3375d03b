using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Interop.Sessions.Simulator.Checks;

/// <summary>
/// One item of a session as its callers may see it: is there an order of all calls, each between its beginning and its
/// answer, in which every answer is right? Keeps what may be true, and takes what has not been answered as late as it can
/// (linearizability: Wing and Gong 1993; just in time: Lowe 2017).
/// </summary>
internal sealed class ItemRegister
{
    private const int MostOpen = 64;

    /// <summary>What is possible doubles with each open call.</summary>
    private const int Many = 8;

    private readonly ItemCall?[] _open = new ItemCall?[MostOpen];
    private ulong _openMask;
    private HashSet<Possible> _possible = [new Possible(0, 0)];
    private int _happened;

    /// <summary>So many calls are open that the host had better wait.</summary>
    internal bool IsCrowded => BitOperations.PopCount(_openMask) >= Many;

    /// <summary>A call begins. From now on it may have been carried out.</summary>
    internal void Begin(ItemCall call)
    {
        int place = BitOperations.TrailingZeroCount(~_openMask);
        if (place == MostOpen)
        {
            throw new InvalidOperationException($"{MostOpen} calls of one item are open");
        }

        call.Seen.UnionWith(_possible.Select(possible => possible.Value));
        foreach (ItemCall other in Open().Where(other => other.Verb != ItemVerb.Get))
        {
            call.Seen.Add(other.After);
        }

        _open[place] = call;
        _openMask |= 1UL << place;
        call.BegunAt = _happened;
        if (call.Verb != ItemVerb.Get)
        {
            _happened++;
            foreach (ItemCall other in Open())
            {
                other.Seen.Add(call.After);
            }
        }
    }

    /// <summary>It was answered that it has changed something.</summary>
    internal bool TryDone(ItemCall call)
    {
        ulong bit = Close(call);
        return Keep(bit, possible =>
            (possible.Applied & bit) != 0 ? (possible, true)
            : call.Changes(possible.Value) ? (possible with { Value = call.After }, false)
            : (null, false));
    }

    /// <summary>It was answered that there was nothing to be done: it has no effect, and never will.</summary>
    internal bool TryRefused(ItemCall call)
    {
        ulong bit = Close(call);
        return call.Seen.Any(value => !call.Changes(value)) &&
            Keep(bit, possible => ((possible.Applied & bit) == 0 ? possible : null, true));
    }

    /// <summary>What it belongs to was refused for something else: it has no effect, and never will.</summary>
    internal bool TryNotMade(ItemCall call)
    {
        ulong bit = Close(call);
        return Keep(bit, possible => ((possible.Applied & bit) == 0 ? possible : null, true));
    }

    /// <summary>It was answered what is there; 0: nothing.</summary>
    internal bool TryFound(ItemCall call, int value)
    {
        bool isAlone = call.BegunAt == _happened;
        Close(call);
        return isAlone ? TryFound(value) : call.Seen.Contains(value);
    }

    /// <summary>This is there now.</summary>
    internal bool TryFound(int value) => Keep(0, possible => possible.Value == value ? (possible, true) : (null, false));

    /// <summary>Calls that can have no effect any more: what they have not done by now they never do.</summary>
    internal void Forget(Func<ItemCall, bool> isOver)
    {
        ulong over = 0;
        for (ulong left = _openMask; left != 0; left &= left - 1)
        {
            ulong bit = left & ~(left - 1);
            ItemCall call = _open[BitOperations.TrailingZeroCount(bit)]!;
            over |= call.Verb != ItemVerb.Get && isOver(call) ? bit : 0;
        }

        if (over != 0)
        {
            Keep(over, possible => (possible, false));
            foreach (ItemCall call in Open().Where(call => call.Verb != ItemVerb.Get && isOver(call)).ToArray())
            {
                call.IsForgotten = true;
                Close(call);
            }
        }
    }

    /// <summary>A read that nobody waits for.</summary>
    internal void Drop(ItemCall read) => Close(read);

    /// <summary>The store went back to where it has this value; what was open there may be in it or not.</summary>
    internal void GoBack(int value)
    {
        _happened++;
        List<ulong> masks = [0];
        foreach (ItemCall call in Open())
        {
            call.Seen.Add(value);
            ulong bit = 1UL << Array.IndexOf(_open, call);
            masks.AddRange(call.Verb == ItemVerb.Get ? [] : masks.ConvertAll(mask => mask | bit));
        }

        _possible = [.. masks.Select(mask => new Possible(mask, value))];
    }

    public override string ToString() => string.Join(
        " or ", _possible.Select(possible => possible.Value == 0 ? "nothing" : $"the value of {possible.Value}").Distinct());

    private IEnumerable<ItemCall> Open()
    {
        for (ulong left = _openMask; left != 0; left &= left - 1)
        {
            yield return _open[BitOperations.TrailingZeroCount(left)]!;
        }
    }

    private ulong Close(ItemCall call)
    {
        int place = Array.FindIndex(_open, open => ReferenceEquals(open, call));
        if (place < 0)
        {
            return 0;
        }

        _open[place] = null;
        _openMask &= ~(1UL << place);
        return 1UL << place;
    }

    /// <summary>
    /// From all that is possible, and all that open calls can make of it: what may be true after an answer. The rule says
    /// what becomes of one possibility, and whether open calls need not be looked at for it now.
    /// </summary>
    private bool Keep(ulong closed, Func<Possible, (Possible? Kept, bool IsEnough)> rule)
    {
        HashSet<Possible> kept = [];
        HashSet<Possible> seen = [.. _possible];
        Stack<Possible> left = new(_possible);
        while (left.TryPop(out Possible possible))
        {
            (Possible? next, bool isEnough) = rule(possible);
            if (next is { } found)
            {
                kept.Add(found with { Applied = found.Applied & ~closed });
            }

            for (ulong open = isEnough && next != null ? 0 : _openMask & ~possible.Applied; open != 0; open &= open - 1)
            {
                int place = BitOperations.TrailingZeroCount(open);
                ItemCall call = _open[place]!;
                Possible done = new(possible.Applied | (1UL << place), call.After);
                if (call.Changes(possible.Value) && seen.Add(done))
                {
                    left.Push(done);
                }
            }
        }

        _possible = kept;
        _happened++;
        return kept.Count > 0;
    }

    /// <param name="Applied">Which of the open calls have been carried out.</param>
    /// <param name="Value">What is there; 0: nothing.</param>
    private readonly record struct Possible(ulong Applied, int Value);
}
