using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>The sessions that serve one kind of access point; adding, removing and picking cost the same at any size.</summary>
internal sealed class ServerList
{
    private readonly List<Session> _servers = [];
    private readonly Dictionary<Session, int> _positions = [];

    internal int Count => _servers.Count;

    /// <summary>The server that a hash falls on.</summary>
    internal Session Pick(ulong hash) => _servers[(int)(hash % (ulong)_servers.Count)];

    internal void Add(Session session)
    {
        _positions.Add(session, _servers.Count);
        _servers.Add(session);
    }

    internal void Remove(Session session)
    {
        if (!_positions.Remove(session, out int position))
        {
            return;
        }

        Session last = _servers[^1];
        _servers.RemoveAt(_servers.Count - 1);
        if (last != session)
        {
            _servers[position] = last;
            _positions[last] = position;
        }
    }
}
