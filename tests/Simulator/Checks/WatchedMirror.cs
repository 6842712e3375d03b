using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <summary>What somebody knows who does as the events of a watch say, and has no code for gaps.</summary>
internal sealed class WatchedMirror
{
    private readonly HashSet<ulong> _sessions = [];
    private readonly Dictionary<(ulong Session, string Key), ulong> _items = [];
    private readonly Dictionary<string, ulong> _objects = [];

    internal void Take(SessionEvent told)
    {
        switch (told.Kind)
        {
            case SessionEventKind.Created:
                _sessions.Add(told.SessionId);
                break;
            case SessionEventKind.Ended:
                _sessions.Remove(told.SessionId);
                Remove(_items, item => item.Key.Session == told.SessionId);
                Remove(_objects, assigned => assigned.Value == told.SessionId);
                break;
            case SessionEventKind.ItemSet:
                _items[(told.SessionId, told.Item!.Key)] = told.Item.Revision;
                break;
            case SessionEventKind.ItemRemoved:
                _items.Remove((told.SessionId, told.Item!.Key));
                break;
            case SessionEventKind.Assigned:
                _objects[told.ObjectName] = told.SessionId;
                break;
            case SessionEventKind.Released:
                _objects.Remove(told.ObjectName);
                break;
            default:
                break;
        }
    }

    /// <summary>What it knows that a store has not, or the other way round; null: nothing.</summary>
    internal string? Difference(IReadOnlyDictionary<ulong, StoredSession> stored) =>
        Difference(_sessions, stored.Keys) ??
        Difference(
            _items.Select(item => (item.Key.Session, item.Key.Key, item.Value)),
            stored.SelectMany(session => session.Value.Items.Values.Select(item => (session.Key, item.Key, item.Revision)))) ??
        Difference(
            _objects.Select(assigned => (assigned.Key, assigned.Value)),
            stored.SelectMany(session => session.Value.Assignments.Select(place => (place.ObjectName, session.Key))));

    private static string? Difference<T>(IEnumerable<T> known, IEnumerable<T> stored)
    {
        T[] missing = [.. stored.Except(known)];
        T[] gone = [.. known.Except(stored)];
        return missing.Length + gone.Length == 0 ? null : $"it lacks {string.Join(' ', missing)} and still has {string.Join(' ', gone)}";
    }

    private static void Remove<TKey, TValue>(Dictionary<TKey, TValue> from, System.Func<KeyValuePair<TKey, TValue>, bool> isGone)
        where TKey : notnull
    {
        foreach (TKey key in from.Where(isGone).Select(pair => pair.Key).ToList())
        {
            from.Remove(key);
        }
    }
}
