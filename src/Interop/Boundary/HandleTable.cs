using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Interop.Sessions.Boundary;

/// <summary>
/// Objects behind 64-bit handles: slot index + 1 below, two bits of a <see cref="HandleMark"/>, generation above. A slot that is freed gets
/// a new generation, so a stale handle never hits the object that took its place; a freed GCHandle's value would.
/// </summary>
internal sealed class HandleTable
{
    /// <summary>Enough for one more than <see cref="Limits.MaxHandles"/>.</summary>
    private const int SlotBits = 19;

    /// <summary>What is left lets a slot be used a thousand times a second for 250 years.</summary>
    private const int GenerationShift = 21;

    private const ulong MarkBits = 3UL << SlotBits;

    private readonly Lock _lock = new();
    private readonly List<Slot> _slots = [];
    private readonly Stack<int> _free = new();

    /// <summary>
    /// Makes an object and gives its handle, which goes when <paramref name="owner"/> (0: none) is removed, if not before. The slot
    /// is taken first: what was made has a handle.
    /// </summary>
    /// <param name="owner">The handle of what ends the object when it ends itself.</param>
    /// <param name="make">Makes it; outside the table's lock.</param>
    /// <exception cref="SessionException">TooManyObjects; Cancelled: the owner was closed meanwhile; what make throws.</exception>
    internal ulong Add(ulong owner, Func<object> make) => Add(owner, make, mark: 0);

    /// <summary>
    /// The same of what is removed when it is over, be its owner there or not, and whose stale handles are known for what they were.
    /// </summary>
    internal ulong AddMarked(HandleMark mark, ulong owner, Func<object> make) => Add(owner, make, BitsOf(mark));

    /// <summary>The object of a marked handle; null: it was one, and is over.</summary>
    internal T? GetUnlessOver<T>(HandleMark mark, ulong handle, string name)
        where T : class
    {
        lock (_lock)
        {
            return IsOver(BitsOf(mark), handle) ? null : Find(handle)?.Value as T ?? throw Invalid<T>(handle, name);
        }
    }

    private ulong Add(ulong owner, Func<object> make, ulong mark)
    {
        int index;
        lock (_lock)
        {
            index = TakeSlot();
        }

        object? made = null;
        try
        {
            made = make();
        }
        finally
        {
            if (made == null)
            {
                GiveBack(index);
            }
        }

        return Fill(index, made, owner, mark);
    }

    /// <summary>The same for what exists, and may be forgotten if there is no place for it.</summary>
    internal ulong Add(object value, ulong owner = 0) => Add(owner, () => value);

    /// <summary>The object of a handle, or an error that names the argument.</summary>
    internal T Get<T>(ulong handle, string name)
        where T : class
    {
        lock (_lock)
        {
            return Find(handle)?.Value as T ?? throw Invalid<T>(handle, name);
        }
    }

    /// <summary>Takes a handle and all that it owns out of the table; nothing if it is stale already.</summary>
    internal void Remove(ulong handle)
    {
        lock (_lock)
        {
            if (Find(handle) is { } slot)
            {
                if (Find(slot.Owner) is { } owner)
                {
                    owner.Owned?.Remove(handle);
                }

                Release(handle, slot);
            }
        }
    }

    /// <summary>The objects that go with a handle.</summary>
    internal IReadOnlyList<object> OwnedBy(ulong owner)
    {
        lock (_lock)
        {
            return [.. (Find(owner)?.Owned ?? []).Select(owned => Find(owned)!.Value!)];
        }
    }

    /// <summary>How many objects of a kind go with a handle, directly or with what goes with it.</summary>
    internal int CountBelow<T>(ulong owner)
        where T : class
    {
        lock (_lock)
        {
            return Below(owner).Count(value => value is T);
        }
    }

    private IEnumerable<object> Below(ulong owner) => (Find(owner)?.Owned ?? [])
        .SelectMany(owned => Below(owned).Prepend(Find(owned)!.Value!));

    private static ulong BitsOf(HandleMark mark) => (ulong)mark << SlotBits;

    private bool IsOver(ulong mark, ulong handle)
    {
        int index = SlotOf(handle);
        ulong generation = handle >> GenerationShift;
        return (handle & MarkBits) == mark && index >= 0 && index < _slots.Count && generation > 0 &&
            generation < _slots[index].Generation;
    }

    private static ulong HandleOf(int index, ulong generation, ulong mark) => (generation << GenerationShift) | mark | (uint)(index + 1);

    private static int SlotOf(ulong handle) => (int)(handle & ((1UL << SlotBits) - 1)) - 1;

    private static SessionException Invalid<T>(ulong handle, string name) => new(
        SessionStatus.InvalidHandle,
        handle == 0 ? $"{name} is the zero handle" : $"{name} 0x{handle:x} is stale or no {typeof(T).Name}");

    private ulong Fill(int index, object made, ulong owner, ulong mark)
    {
        lock (_lock)
        {
            Slot slot = _slots[index];
            ulong handle = HandleOf(index, slot.Generation, mark);
            if (owner != 0)
            {
                if (Find(owner) is not { } parent)
                {
                    // The object has ended with its owner; no later call would remove its handle.
                    _free.Push(index);
                    throw new SessionException(SessionStatus.Cancelled, "what it belongs to was closed meanwhile");
                }

                (parent.Owned ??= []).Add(handle);
            }

            slot.Value = made;
            slot.Owner = owner;
            slot.Mark = mark;
            return handle;
        }
    }

    private void GiveBack(int index)
    {
        lock (_lock)
        {
            _free.Push(index);
        }
    }

    private int TakeSlot()
    {
        if (_free.TryPop(out int index))
        {
            return index;
        }

        if (_slots.Count >= Limits.MaxHandles)
        {
            throw new SessionException(
                SessionStatus.TooManyObjects, $"this process has {Limits.MaxHandles} objects, which is the limit");
        }

        _slots.Add(new Slot());
        return _slots.Count - 1;
    }

    private Slot? Find(ulong handle)
    {
        int index = SlotOf(handle);
        return index >= 0 && index < _slots.Count && _slots[index] is { Value: not null } slot &&
            slot.Generation == handle >> GenerationShift && slot.Mark == (handle & MarkBits)
            ? slot
            : null;
    }

    private void Release(ulong handle, Slot slot)
    {
        List<ulong> owned = slot.Owned ?? [];
        slot.Value = null;
        slot.Owned = null;
        slot.Owner = 0;
        slot.Generation++;
        _free.Push(SlotOf(handle));
        foreach (ulong child in owned)
        {
            if (Find(child) is not { } childSlot)
            {
                continue;
            }

            if (childSlot.Mark != 0)
            {
                childSlot.Owner = 0;
                continue;
            }

            Release(child, childSlot);
        }
    }

    private sealed class Slot
    {
        internal object? Value;
        internal ulong Owner;
        internal ulong Mark;
        internal List<ulong>? Owned;
        internal ulong Generation = 1;
    }
}
