using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>What becomes of a connection that wants a place.</summary>
public enum PlaceAnswer
{
    /// <summary>The connection has a place.</summary>
    Granted,

    /// <summary>A place will be free in a moment: ask again.</summary>
    Later,

    /// <summary>All places are held by connections that hold sessions.</summary>
    None,
}

/// <summary>
/// Which connections may stay. A connection that has shown that it holds a session keeps its place; all others are strangers,
/// which are few, and go when they are silent, or when a new connection needs the place: first those that never said anything,
/// then the longest unused. A connection that has shown who it is, and no session, is none of the few and may be silent, and goes when
/// all places are taken and no stranger is left. Each has had a moment before to say something. So a holder that must dial again finds
/// room, however many places others have taken.
/// </summary>
/// <typeparam name="T">A connection.</typeparam>
/// <param name="most">How many there may be.</param>
/// <param name="mostStrangers">How many of them strangers.</param>
public sealed class ConnectionTable<T>(int most, int mostStrangers)
    where T : notnull
{
    private int _most = most;

    /// <summary>Of each its entry as a stranger; null: it holds a session, or is told to go.</summary>
    private readonly Dictionary<T, LinkedListNode<Stranger>?> _connections = [];

    /// <summary>Strangers that have not called yet, in the order in which they came.</summary>
    private readonly LinkedList<Stranger> _silent = new();

    /// <summary>Strangers that have, the longest unused first.</summary>
    private readonly LinkedList<Stranger> _used = new();

    /// <summary>Connections that have shown who they are, and no session, and have no call in progress; the longest unused first.</summary>
    private readonly LinkedList<Stranger> _known = new();

    /// <summary>The same with a call in progress, which may be the create of their session: they go last.</summary>
    private readonly LinkedList<Stranger> _knownInCall = new();

    /// <summary>Connections told to go whose descriptor is not free yet.</summary>
    private readonly HashSet<T> _leaving = [];

    /// <summary>Connections that have a place, those that leave included.</summary>
    public int Count => _connections.Count;

    /// <summary>A connection comes. For a place that will be free a stranger may have to go: that connection is then to be closed.</summary>
    public PlaceAnswer Open(T connection, long nowNs, out T? mustGo)
    {
        mustGo = default;
        if (_connections.Count < _most && Strangers + _leaving.Count < mostStrangers)
        {
            _connections.Add(connection, _silent.AddLast(new Stranger(connection) { SinceNs = nowNs }));
            return PlaceAnswer.Granted;
        }

        // A stranger goes for a connection that comes.
        bool mayBeFree = _leaving.Count > 0 || TryEvict(nowNs, out mustGo) || Strangers + _known.Count + _knownInCall.Count > 0;
        return mayBeFree ? PlaceAnswer.Later : PlaceAnswer.None;
    }

    /// <summary>There is no room for so many.</summary>
    public void Shrink(int most) => _most = Math.Max(1, Math.Min(_most, most));

    /// <summary>Which connection goes first, if there are as many as there may be or more; false: none, or none yet.</summary>
    public bool TryEvict(long nowNs, out T? mustGo)
    {
        mustGo = default;
        bool isFull = _connections.Count - _leaving.Count >= _most;
        LinkedListNode<Stranger>? next = isFull || Strangers >= mostStrangers ? _silent.First ?? _used.First : null;
        next ??= isFull ? _known.First ?? _knownInCall.First : null;
        if (next is not { } first || nowNs - first.Value.SinceNs < Ns.FromMs(Limits.StrangerGraceMs))
        {
            return false;
        }

        mustGo = first.Value.Connection;
        SendAway(first);
        return true;
    }

    /// <summary>A message came on a stream that may last.</summary>
    public void Use(T connection, long nowNs) => Use(connection, nowNs, 0);

    /// <summary>A call begins that ends within a bounded time: until then the connection is not silent.</summary>
    public void BeginCall(T connection, long nowNs) => Use(connection, nowNs, 1);

    /// <summary>The connection has ended.</summary>
    public void EndCall(T connection, long nowNs) => Use(connection, nowNs, -1);

    /// <summary>The connection has shown who it is, by a certificate or by the kernel's word.</summary>
    public void Vouch(T connection, long nowNs)
    {
        if (_connections.TryGetValue(connection, out LinkedListNode<Stranger>? node) && node != null)
        {
            node.Value.IsKnown = true;
            Use(connection, nowNs);
        }
    }

    /// <summary>The connection has shown that it holds a session.</summary>
    public void Prove(T connection)
    {
        if (_connections.TryGetValue(connection, out LinkedListNode<Stranger>? node) && node != null)
        {
            node.List!.Remove(node);
            _connections[connection] = null;
        }
    }

    /// <summary>A connection has ended; again is no error.</summary>
    public void Close(T connection)
    {
        _leaving.Remove(connection);
        if (_connections.Remove(connection, out LinkedListNode<Stranger>? node))
        {
            node?.List!.Remove(node);
        }
    }

    /// <summary>Strangers that have said nothing for too long: they are to be closed.</summary>
    public IReadOnlyList<T> TakeSilent(long nowNs)
    {
        List<T> silent = [];
        foreach (LinkedList<Stranger> strangers in (LinkedList<Stranger>[])[_silent, _used])
        {
            LinkedListNode<Stranger>? next = strangers.First;
            while (next is { } node && nowNs - node.Value.SinceNs >= Ns.FromMs(Limits.SilentConnectionMs))
            {
                next = node.Next;
                if (node.Value.Calls == 0)
                {
                    silent.Add(node.Value.Connection);
                    SendAway(node);
                }
            }
        }

        return silent;
    }

    private int Strangers => _silent.Count + _used.Count;

    private void SendAway(LinkedListNode<Stranger> stranger)
    {
        stranger.List!.Remove(stranger);
        _connections[stranger.Value.Connection] = null;
        _leaving.Add(stranger.Value.Connection);
    }

    private void Use(T connection, long nowNs, int calls)
    {
        if (_connections.TryGetValue(connection, out LinkedListNode<Stranger>? node) && node != null)
        {
            node.Value.SinceNs = nowNs;
            node.Value.Calls += calls;
            node.List!.Remove(node);
            (!node.Value.IsKnown ? _used : node.Value.Calls == 0 ? _known : _knownInCall).AddLast(node);
        }
    }

    private sealed class Stranger(T connection)
    {
        internal T Connection => connection;

        /// <summary>When it came, or was last used.</summary>
        internal long SinceNs { get; set; }

        internal int Calls { get; set; }

        /// <summary>It has shown who it is.</summary>
        internal bool IsKnown { get; set; }
    }
}
