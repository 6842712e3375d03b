using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>
/// Which identities are drained, as decided, and as durable while a batch is being committed. The book only keeps; its owner makes a
/// change durable, and undoes it if the store fails.
/// </summary>
public sealed class DrainBook
{
    private readonly SortedDictionary<string, Drain> _drains = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _moving = new(StringComparer.Ordinal);

    /// <summary>What the batch has changed, as it was before; null: it was not drained.</summary>
    private readonly Dictionary<string, Drain?> _before = new(StringComparer.Ordinal);

    /// <summary>How many there are, as decided.</summary>
    public int Count => _drains.Count;

    /// <summary>The identities whose objects are to move, as decided.</summary>
    public IReadOnlyCollection<string> Moving => _moving;

    /// <summary>The identities that the batch has changed something of.</summary>
    public IReadOnlyCollection<string> Changed => _before.Keys;

    /// <summary>The drain of an identity, as decided; null: it is not drained.</summary>
    public Drain? Of(string identity) => _drains.GetValueOrDefault(identity);

    /// <summary>The same as durable.</summary>
    public Drain? DurableOf(string identity) => _before.TryGetValue(identity, out Drain? before) ? before : Of(identity);

    /// <summary>One that the store has.</summary>
    public void Load(Drain drain)
    {
        ArgumentNullException.ThrowIfNull(drain);
        Restore(drain.Identity, drain);
    }

    /// <summary>Decides the drain of an identity; null: it is not drained any more.</summary>
    public void Change(string identity, Drain? drain)
    {
        _before.TryAdd(identity, Of(identity));
        Restore(identity, drain);
    }

    /// <summary>As it was before a change that the store has not taken.</summary>
    public void Restore(string identity, Drain? drain)
    {
        _drains.Remove(identity);
        _moving.Remove(identity);
        if (drain != null)
        {
            _drains.Add(identity, drain);
            if (drain.MovesObjects)
            {
                _moving.Add(identity);
            }
        }
    }

    /// <summary>The batch is over: what is decided is durable, or was undone.</summary>
    public void Settle() => _before.Clear();

    /// <summary>Those that are durable, from an identity on.</summary>
    public IEnumerable<Drain> DurableFrom(string identity) =>
        (_before.Count == 0
            ? _drains.Values
            : _drains.Values.Where(drain => !_before.ContainsKey(drain.Identity)).Concat(_before.Values.OfType<Drain>())
                .OrderBy(drain => drain.Identity, StringComparer.Ordinal).AsEnumerable())
        .Where(drain => string.CompareOrdinal(drain.Identity, identity) >= 0);
}
