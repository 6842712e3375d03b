using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>All that can be seen of a table between two batches; what is settled during the next must look the same.</summary>
internal sealed class Looks
{
    private static readonly uint[] _pages = [1, 2, 0];
    private readonly SessionTable _table;
    private readonly SessionKey[] _keys;
    private readonly Dictionary<SessionKey, string> _items;
    private readonly Dictionary<(SessionKey, AccessPointKind, string), string> _accessPoints;
    private readonly Dictionary<(ulong, uint), string> _lists;

    /// <param name="table">Nothing is being committed in it.</param>
    /// <param name="keys">Who may look.</param>
    /// <param name="objects">At what.</param>
    internal Looks(SessionTable table, IEnumerable<SessionKey> keys, IEnumerable<string> objects)
    {
        Assert.Empty(table.Changes);
        _table = table;
        _keys = [.. keys.Distinct()];
        Assert.All(_keys, key => Assert.True(table.IsSettled(key.SessionId)));
        _items = _keys.ToDictionary(key => key, ItemsOf);
        _accessPoints = (from key in _keys
                         from kind in new[] { AccessPointKind.Nfs, AccessPointKind.Iscsi, AccessPointKinds.FirstOfHosts }
                         from name in objects
                         where table.IsSettled(key, kind, name)
                         select (key, kind, name)).ToDictionary(place => place, Find);
        _lists = (from @from in _keys.Select(key => key.SessionId).Append(0UL).Distinct()
                  from limit in _pages
                  select (@from, limit)).ToDictionary(page => page, List);
    }

    /// <summary>How many of these looks are answered while the batch is being committed.</summary>
    internal int AssertSettledOnesAreTheSame()
    {
        int settled = 0;
        foreach ((SessionKey key, string items) in _items.Where(pair => _table.IsSettled(pair.Key.SessionId)))
        {
            Assert.Equal(items, ItemsOf(key));
            settled++;
        }

        foreach (((SessionKey, AccessPointKind, string) place, string found) in _accessPoints
            .Where(pair => _table.IsSettled(pair.Key.Item1, pair.Key.Item2, pair.Key.Item3)))
        {
            Assert.Equal(found, Find(place));
            settled++;
        }

        foreach (((ulong, uint) page, string list) in _lists)
        {
            Assert.Equal(list, List(page));
            settled++;
        }

        return settled;
    }

    private string ItemsOf(SessionKey key) => Answer(() => string.Join(' ', _table.ListItems(key, "")));

    private string Find((SessionKey Caller, AccessPointKind Kind, string Name) place) =>
        Answer(() => _table.FindAccessPoint(place.Caller, place.Kind, place.Name).ToString());

    private string List((ulong From, uint Limit) page)
    {
        IReadOnlyList<Session> sessions = _table.List(page.From, page.Limit, "", out ulong next);
        return string.Join(' ', sessions.Select(session => $"{session.Key.SessionId}/{session.Key.Epoch}:{session.ItemCount}").Append($"-> {next}"));
    }

    private string Answer(System.Func<string> look)
    {
        int changes = _table.Changes.Count;
        try
        {
            return look();
        }
        catch (SessionException refusal)
        {
            return refusal.Status.ToString();
        }
        finally
        {
            Assert.Equal(changes, _table.Changes.Count);
        }
    }
}
