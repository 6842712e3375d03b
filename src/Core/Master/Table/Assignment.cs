using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>Which session answers for an object.</summary>
/// <param name="Server">That session; it may have ended, until the assignment is swept.</param>
/// <param name="Revision">
/// Names this assignment among all that the object ever had. In memory only; 0: it is older than this leadership.
/// </param>
/// <param name="Asker">
/// The identity that asked first, in whose quota it counts. In memory only; empty: it is older than this leadership.
/// </param>
internal readonly record struct Assignment(Session Server, ulong Revision, string Asker);

/// <summary>
/// The objects that a session answers for, by their kinds, in order: those of a kind that another server has can move there, and a list
/// goes on where its last page has ended.
/// </summary>
internal sealed class AssignedObjects : IReadOnlyCollection<(AccessPointKind Kind, string ObjectName)>
{
    private readonly SortedDictionary<AccessPointKind, SortedSet<string>> _ofKind = [];

    public int Count { get; private set; }

    /// <summary>The kinds that there is an object of.</summary>
    internal AccessPointKind[] Kinds => [.. _ofKind.Keys];

    /// <summary>The first of all; null: there is none.</summary>
    internal (AccessPointKind Kind, string ObjectName)? First =>
        _ofKind.Count == 0 ? null : (_ofKind.First().Key, _ofKind.First().Value.Min!);

    /// <summary>The objects of a kind that there is an object of.</summary>
    internal IReadOnlyCollection<string> OfKind(AccessPointKind kind) => _ofKind[kind];

    /// <summary>All from a place on, in order.</summary>
    internal IEnumerable<(AccessPointKind Kind, string ObjectName)> From(AccessPointKind kind, string objectName) => _ofKind
        .Where(pair => pair.Key >= kind)
        .SelectMany(pair => (pair.Key == kind ? Beginning(pair.Value, objectName) : pair.Value).Select(name => (pair.Key, name)));

    internal void Add((AccessPointKind Kind, string ObjectName) place)
    {
        if (!_ofKind.TryGetValue(place.Kind, out SortedSet<string>? objects))
        {
            _ofKind.Add(place.Kind, objects = new SortedSet<string>(StringComparer.Ordinal));
        }

        Count += objects.Add(place.ObjectName) ? 1 : 0;
    }

    internal void Remove((AccessPointKind Kind, string ObjectName) place)
    {
        if (_ofKind.TryGetValue(place.Kind, out SortedSet<string>? objects) && objects.Remove(place.ObjectName))
        {
            Count--;
            if (objects.Count == 0)
            {
                _ofKind.Remove(place.Kind);
            }
        }
    }

    public IEnumerator<(AccessPointKind Kind, string ObjectName)> GetEnumerator() => From(default, "").GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static SortedSet<string> Beginning(SortedSet<string> objects, string first) =>
        string.CompareOrdinal(first, objects.Max) <= 0 ? objects.GetViewBetween(first, objects.Max) : [];
}
