using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Interop.Sessions.Master;

/// <summary>
/// The items of a session: as decided, and as durable. The two differ where the batch that is being committed changes an item;
/// the change may still be undone, so a reader is shown what there was before it.
/// </summary>
internal sealed class SessionItems
{
    private readonly SortedDictionary<string, Item> _decided = new(Utf8Order.Instance);

    /// <summary>The items that the batch changes, as they were before; null: no such item.</summary>
    private SortedDictionary<string, Item?>? _before;

    /// <summary>How many there are, as decided.</summary>
    internal int Count => _decided.Count;

    /// <summary>The bytes of their keys and values, as decided.</summary>
    internal ulong Bytes { get; private set; }

    /// <summary>The quotas that <see cref="Bytes"/> counts for.</summary>
    internal QuotaCount[] Quotas { get; set; } = [];

    /// <summary>All, as decided, in byte order of their keys.</summary>
    internal IEnumerable<Item> Decided => _decided.Values;

    /// <summary>How many there are, as durable.</summary>
    internal int DurableCount => _decided.Count + (_before?.Sum(
        before => (before.Value == null ? 0 : 1) - (_decided.ContainsKey(before.Key) ? 1 : 0)) ?? 0);

    /// <summary>One as decided, or null.</summary>
    internal Item? Find(string key) => _decided.GetValueOrDefault(key);

    /// <summary>One as durable, or null.</summary>
    internal Item? FindDurable(string key) =>
        _before != null && _before.TryGetValue(key, out Item? before) ? before : Find(key);

    /// <summary>Those whose key begins with a prefix, as durable, in byte order of their keys.</summary>
    internal IEnumerable<Item> Durable(string prefix)
    {
        IEnumerable<Item> durable = _decided.Values;
        if (_before is { } before)
        {
            durable = durable
                .Where(item => !before.ContainsKey(item.Key))
                .Concat(before.Values.OfType<Item>())
                .OrderBy(item => item.Key, Utf8Order.Instance);
        }

        return durable.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>One that a store holds.</summary>
    internal void Load(Item item) => Put(item);

    /// <summary>Decides one.</summary>
    internal void Set(Item item)
    {
        Keep(item.Key);
        Drop(item.Key);
        Put(item);
    }

    /// <summary>Decides that there is none of this key.</summary>
    internal void Remove(string key)
    {
        Keep(key);
        Drop(key);
    }

    /// <summary>What is decided is durable.</summary>
    internal void Accept() => _before = null;

    /// <summary>What is durable is all that there is.</summary>
    internal void Undo()
    {
        foreach ((string key, Item? before) in _before ?? [])
        {
            Drop(key);
            if (before != null)
            {
                Put(before);
            }
        }

        _before = null;
    }

    /// <summary>The bytes that an item counts for.</summary>
    internal static ulong SizeOf(Item? item) =>
        item == null ? 0 : (ulong)(Encoding.UTF8.GetByteCount(item.Key) + item.Value.Length);

    private void Keep(string key)
    {
        _before ??= new SortedDictionary<string, Item?>(Utf8Order.Instance);
        _before.TryAdd(key, Find(key));
    }

    private void Put(Item item)
    {
        _decided.Add(item.Key, item);
        ulong size = SizeOf(item);
        Bytes += size;
        foreach (QuotaCount count in Quotas)
        {
            count.ItemBytes += size;
        }
    }

    private void Drop(string key)
    {
        if (_decided.Remove(key, out Item? old))
        {
            ulong size = SizeOf(old);
            Bytes -= size;
            foreach (QuotaCount count in Quotas)
            {
                count.ItemBytes -= size;
            }
        }
    }
}
