using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// A hashed timing wheel (Varghese and Lauck 1987, scheme 6) of sessions by when they are due. A renewal only moves the
/// session's DueNs: the entry is filed again when its old slot comes round, so a renewal costs nothing here, and an expiry
/// O(1) amortised.
/// </summary>
/// <remarks>
/// A slot may hold all sessions, as after a load, and renewals wait for the table meanwhile: so a pass over a slot may be
/// interrupted and gone on with. What is still to be looked at in it is a list of its own.
/// </remarks>
public sealed class ExpiryWheel
{
    private const int SlotCount = Limits.WheelSlots;
    private const long TickNs = Limits.WheelTickMs * Ns.PerMs;

    private readonly LinkedList<Session>?[] _slots = new LinkedList<Session>?[SlotCount];

    /// <summary>What the pass over the slot of _tick has still to look at.</summary>
    private LinkedList<Session> _left = new();

    /// <summary>When that pass began: one that began within its tick has not seen all that is due in it.</summary>
    private long _passTick;
    private long _tick;

    /// <summary>Makes an empty wheel.</summary>
    /// <param name="nowNs">The time from which it turns.</param>
    public ExpiryWheel(long nowNs) => _tick = _passTick = nowNs / TickNs;

    /// <summary>Files a session under its DueNs, which from now on only moves forward.</summary>
    public void Add(Session session)
    {
        session.WheelNode ??= new LinkedListNode<Session>(session);
        // What was due before is looked at next.
        (_left.Count > 0 && session.DueNs / TickNs <= _tick ? _left : SlotOf(session)).AddLast(session.WheelNode);
    }

    /// <summary>Takes a session out.</summary>
    public static void Remove(Session session) => session.WheelNode?.List?.Remove(session.WheelNode);

    /// <summary>Takes out sessions that are due; false: it was interrupted, and is to be called again.</summary>
    /// <param name="nowNs">Now.</param>
    /// <param name="most">How many it takes at most.</param>
    /// <param name="looks">How many it looks at, at most.</param>
    /// <param name="due">Gets them.</param>
    public bool TakeDue(long nowNs, int most, int looks, ICollection<Session> due)
    {
        long nowTick = nowNs / TickNs;
        BeginPass(nowTick);
        while (true)
        {
            while (_left.First is { } node)
            {
                if (due.Count >= most || looks-- <= 0)
                {
                    return false;
                }

                _left.Remove(node);
                if (node.Value.DueNs <= nowNs)
                {
                    due.Add(node.Value);
                }
                else
                {
                    SlotOf(node.Value).AddLast(node);
                }
            }

            if (_tick >= nowTick && _passTick >= nowTick)
            {
                return true;
            }

            // A pass that began within the tick is made again, before the wheel turns.
            if (_passTick > _tick)
            {
                // After a long stall every slot is passed once, not once a missed turn.
                _tick = Math.Max(_tick + 1, nowTick - SlotCount + 1);
            }

            _passTick = nowTick;
            Detach();
        }
    }

    private void BeginPass(long nowTick)
    {
        if (_left.Count == 0)
        {
            _tick = Math.Max(_tick, nowTick - SlotCount + 1);
            _passTick = nowTick;
            Detach();
        }
    }

    private void Detach()
    {
        ref LinkedList<Session>? slot = ref _slots[_tick % SlotCount];
        (_left, slot) = (slot ?? new LinkedList<Session>(), _left);
    }

    private LinkedList<Session> SlotOf(Session session) =>
        _slots[Math.Max(session.DueNs / TickNs, _tick) % SlotCount] ??= new LinkedList<Session>();
}
