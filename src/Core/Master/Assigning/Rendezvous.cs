using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Master;

/// <summary>
/// Weighted rendezvous hashing (Thaler and Ravishankar 1998; weights: Schindelhauer and Schomaker 2005): each member draws a number from
/// its name and the object's, and the object belongs to the best. So a member that joins takes nothing but its share and moves nothing
/// between others, one that leaves gives away what it had and nothing else, and one that comes back under its name gets the same again.
/// The answer depends on who is there and not on the order in which they came.
/// </summary>
/// <remarks>
/// A member that has much more than its share is passed over (as Mirrokni, Thorup and Zadimoghaddam 2018 bound loads): objects stay where
/// they are, so those of a time with fewer members would not be made up for otherwise. All members are looked at, a few nanoseconds each.
/// </remarks>
/// <param name="loadOf">How many objects a member has; it is told of each change by <see cref="LoadChanged"/>.</param>
[SuppressMessage("Naming", "CA1710", Justification = "It is a choice, of those who are there.")]
public sealed class Rendezvous<T>(Func<T, int> loadOf)
    where T : class
{
    /// <summary>A member may have so many fourths of its share, rounded up.</summary>
    private const int FourthsOfShare = 5;

    private readonly SortedDictionary<uint, List<Entry>> _ofWeight = [];
    private readonly Dictionary<T, (uint Weight, int Index)> _places = [];
    private long _loads;
    private ulong _weights;

    /// <summary>How many there are.</summary>
    public int Count => _places.Count;

    /// <summary>All of them, in any order.</summary>
    public IReadOnlyCollection<T> Members => _places.Keys;

    /// <summary>What they have, as counted.</summary>
    public long Loads => _loads;

    /// <summary>Is it there?</summary>
    public bool Contains(T member) => _places.ContainsKey(member);

    /// <summary>One more is there.</summary>
    /// <param name="member">Who.</param>
    /// <param name="name">By which it draws; of those that are there no two have the same.</param>
    /// <param name="weight">Of two members, the one with twice the weight gets twice as much; not 0.</param>
    public void Add(T member, string name, uint weight)
    {
        if (!_ofWeight.TryGetValue(weight, out List<Entry>? entries))
        {
            _ofWeight.Add(weight, entries = []);
        }

        _places.Add(member, (weight, entries.Count));
        entries.Add(new Entry(Hash64.Of(name), name, member));
        _loads += loadOf(member);
        _weights += weight;
    }

    /// <summary>One is not there any more; it need not have been.</summary>
    public void Remove(T member)
    {
        if (!_places.Remove(member, out (uint Weight, int Index) place))
        {
            return;
        }

        List<Entry> entries = _ofWeight[place.Weight];
        Entry last = entries[^1];
        entries[place.Index] = last;
        entries.RemoveAt(entries.Count - 1);
        if (last.Member != member)
        {
            _places[last.Member] = place;
        }

        if (entries.Count == 0)
        {
            _ofWeight.Remove(place.Weight);
        }

        _loads -= loadOf(member);
        _weights -= place.Weight;
    }

    /// <summary>A member has so many objects more, or fewer; it need not be there.</summary>
    public void LoadChanged(T member, int by) => _loads += Contains(member) ? by : 0;

    /// <summary>Who gets an object; there must be somebody.</summary>
    /// <param name="seed">A number made of the object's name.</param>
    public T Choose(ulong seed)
    {
        T best = Best(seed, ofAll: true)!;
        // Together they may have more than they have, so there is one that has room.
        return HasRoom(best, _places[best].Weight) ? best : Best(seed, ofAll: false) ?? best;
    }

    /// <summary>Who would get an object, whatever they have.</summary>
    public T? Best(ulong seed) => Best(seed, ofAll: true);

    private bool HasRoom(T member, uint weight) =>
        (UInt128)loadOf(member) * 4 * _weights < ((UInt128)(_loads + 1) * weight * FourthsOfShare);

    // Of those with equal weights the one with the highest number is the best, so there is one logarithm for each weight.
    private T? Best(ulong seed, bool ofAll)
    {
        T? best = null;
        double lowest = double.PositiveInfinity;
        foreach ((uint weight, List<Entry> entries) in _ofWeight)
        {
            Entry? first = null;
            ulong highest = 0;
            foreach (ref readonly Entry entry in CollectionsMarshal.AsSpan(entries))
            {
                ulong drawn = Hash64.Mix(seed ^ entry.Seed);
                if ((drawn > highest || first == null || (drawn == highest && string.CompareOrdinal(entry.Name, first.Value.Name) < 0)) &&
                    (ofAll || HasRoom(entry.Member, weight)))
                {
                    (first, highest) = (entry, drawn);
                }
            }

            double cost = first == null ? double.PositiveInfinity : CostOf(highest, weight);
            if (cost < lowest)
            {
                (best, lowest) = (first!.Value.Member, cost);
            }
        }

        return best;
    }

    /// <summary>Exponential, with the weight for its rate: the lowest of several is theirs by their weights.</summary>
    private static double CostOf(ulong drawn, uint weight) => -Math.Log(((drawn >> 11) + 0.5) / (1UL << 53)) / weight;

    private readonly record struct Entry(ulong Seed, string Name, T Member);
}
