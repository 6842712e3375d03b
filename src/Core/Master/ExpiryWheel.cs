using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// A hashed timing wheel (Varghese and Lauck 1987, scheme 6) of sessions by when they are due. A renewal only moves the
/// session's DueNs: the entry is filed again when its old slot comes round, so a renewal costs nothing here, and an expiry
/// O(1) amortised.
/// </summary>
public sealed class ExpiryWheel
{
    private const int SlotCount = 4096;
    private const long TickNs = 16_000_000;

    private readonly LinkedList<Session>?[] _slots = new LinkedList<Session>?[SlotCount];
    private long _tick;

    /// <summary>Makes an empty wheel.</summary>
    /// <param name="nowNs">The time from which it turns.</param>
    public ExpiryWheel(long nowNs) => _tick = nowNs / TickNs;

    /// <summary>Files a session under its DueNs, which from now on only moves forward.</summary>
    public void Add(Session session)
    {
        session.WheelNode ??= new LinkedListNode<Session>(session);
        SlotOf(session).AddLast(session.WheelNode);
    }

    /// <summary>Takes a session out.</summary>
    public static void Remove(Session session) => session.WheelNode?.List?.Remove(session.WheelNode);

    /// <summary>Takes out sessions that are due, at most <paramref name="most"/>; call again while it is full.</summary>
    public void TakeDue(long nowNs, int most, ICollection<Session> due)
    {
        long nowTick = nowNs / TickNs;

        // After a long stall every slot is passed once, not once a missed turn.
        if (nowTick - _tick >= SlotCount)
        {
            _tick = nowTick - SlotCount + 1;
        }

        while (true)
        {
            if (!TakeDueOfSlot(_slots[_tick % SlotCount], nowNs, most, due) || _tick == nowTick)
            {
                return;
            }

            _tick++;
        }
    }

    private bool TakeDueOfSlot(LinkedList<Session>? slot, long nowNs, int most, ICollection<Session> due)
    {
        LinkedListNode<Session>? node = slot?.First;
        while (slot != null && node != null)
        {
            if (due.Count >= most)
            {
                return false;
            }

            LinkedListNode<Session>? next = node.Next;
            if (node.Value.DueNs <= nowNs)
            {
                slot.Remove(node);
                due.Add(node.Value);
            }
            else if (SlotOf(node.Value) is { } other && other != slot)
            {
                slot.Remove(node);
                other.AddLast(node);
            }

            node = next;
        }

        return true;
    }

    // What was due in the past belongs to the slot that is looked at next.
    private LinkedList<Session> SlotOf(Session session) =>
        _slots[System.Math.Max(session.DueNs / TickNs, _tick) % SlotCount] ??= new LinkedList<Session>();
}
