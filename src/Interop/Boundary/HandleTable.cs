using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.Boundary;

/// <summary>
/// Objects behind 64-bit handles: slot index + 1 below, generation above. A slot that is freed gets a new generation, so a
/// stale handle never hits the object that took its place; a freed GCHandle's value would.
/// </summary>
internal sealed class HandleTable
{
    /// <summary>Objects of one process: far more than the followers and masters that fit in it.</summary>
    private const int MaxObjects = 1 << 18;

    private readonly Lock _lock = new();
    private readonly List<Slot> _slots = [];
    private readonly Stack<int> _free = new();

    /// <summary>Adds an object; it goes when <paramref name="owner"/> (0: none) is removed, if not before.</summary>
    internal ulong Add(object value, ulong owner = 0)
    {
        lock (_lock)
        {
            int index = TakeSlot();
            Slot slot = _slots[index];
            slot.Value = value;
            slot.Owner = owner;
            ulong handle = HandleOf(index, slot.Generation);
            if (owner != 0 && Find(owner) is { } parent)
            {
                (parent.Owned ??= []).Add(handle);
            }

            return handle;
        }
    }

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

    /// <summary>As Get and Remove in one step: of two callers one gets the object.</summary>
    internal T Take<T>(ulong handle, string name)
        where T : class
    {
        lock (_lock)
        {
            T value = Get<T>(handle, name);
            Remove(handle);
            return value;
        }
    }

    /// <summary>All objects of a kind, for shutdown.</summary>
    internal IReadOnlyList<T> All<T>()
        where T : class
    {
        lock (_lock)
        {
            List<T> found = [];
            foreach (Slot slot in _slots)
            {
                if (slot.Value is T value)
                {
                    found.Add(value);
                }
            }

            return found;
        }
    }

    /// <summary>Makes every handle stale.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            for (int index = 0; index < _slots.Count; index++)
            {
                if (_slots[index].Value != null)
                {
                    Release(HandleOf(index, _slots[index].Generation), _slots[index]);
                }
            }
        }
    }

    private static ulong HandleOf(int index, uint generation) => ((ulong)generation << 32) | (uint)(index + 1);

    private static SessionException Invalid<T>(ulong handle, string name) => new(
        SessionStatus.InvalidHandle,
        handle == 0 ? $"{name} is the zero handle" : $"{name} 0x{handle:x} is stale or no {typeof(T).Name}");

    private int TakeSlot()
    {
        if (_free.TryPop(out int index))
        {
            return index;
        }

        if (_slots.Count >= MaxObjects)
        {
            throw new SessionException(
                SessionStatus.TooManyObjects, $"this process has {MaxObjects} objects, which is the limit");
        }

        _slots.Add(new Slot());
        return _slots.Count - 1;
    }

    private Slot? Find(ulong handle)
    {
        long index = (long)(uint)handle - 1;
        return index >= 0 && index < _slots.Count && _slots[(int)index] is { Value: not null } slot &&
            slot.Generation == (uint)(handle >> 32)
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
        _free.Push((int)((uint)handle - 1));
        foreach (ulong child in owned)
        {
            if (Find(child) is { } childSlot)
            {
                Release(child, childSlot);
            }
        }
    }

    private sealed class Slot
    {
        internal object? Value;
        internal ulong Owner;
        internal List<ulong>? Owned;
        internal uint Generation = 1;
    }
}
