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
/// Which connections may stay. A connection that has shown that it holds a session keeps its place for as long as the session lives and is
/// spoken of over it; a session has a few such connections, the latest. All others are strangers, which are few, and go when they are
/// silent, or when a new connection needs the place: first those that never said anything, then the longest unused. A connection that has
/// shown who it is, and no session, is none of the few and may be silent, and goes when all places are taken and no stranger is left. Each
/// has had a moment before to say something. So a holder that must dial again finds room, however many places others have taken.
/// </summary>
/// <typeparam name="T">A connection.</typeparam>
/// <param name="most">How many there may be.</param>
/// <param name="mostStrangers">How many of them strangers.</param>
public sealed partial class ConnectionTable<T>(int most, int mostStrangers)
    where T : notnull
{
    private readonly Dictionary<T, Place> _places = [];

    /// <summary>Strangers that have not called yet, in the order in which they came.</summary>
    private readonly LinkedList<Place> _silent = new();

    /// <summary>Strangers that have, the longest unused first.</summary>
    private readonly LinkedList<Place> _used = new();

    /// <summary>Connections that have shown who they are, and no session, and have no call in progress; the longest unused first.</summary>
    private readonly LinkedList<Place> _known = new();

    /// <summary>The same with a call in progress, which may be the create of their session: they go last.</summary>
    private readonly LinkedList<Place> _knownInCall = new();

    /// <summary>Connections told to go whose descriptor is not free yet.</summary>
    private readonly LinkedList<Place> _leaving = new();

    private readonly int _mostEver = most;
    private int _most = most;

    /// <summary>Connections that have a place, those that leave included.</summary>
    public int Count => _places.Count;

    /// <summary>A connection comes. For a place that will be free a stranger may have to go: that connection is then to be closed.</summary>
    public PlaceAnswer Open(T connection, long nowNs, out T? mustGo)
    {
        mustGo = default;
        if (_places.Count < _most && Strangers + _leaving.Count < mostStrangers)
        {
            Place place = new(connection) { SinceNs = nowNs };
            _places.Add(connection, place);
            _silent.AddLast(place.Node);
            return PlaceAnswer.Granted;
        }

        // A stranger goes for a connection that comes.
        bool mayBeFree = _leaving.Count > 0 || TryEvict(nowNs, out mustGo) || Strangers + _known.Count + _knownInCall.Count > 0;
        return mayBeFree ? PlaceAnswer.Later : PlaceAnswer.None;
    }

    /// <summary>
    /// There is no room for so many at this moment. Those that hold sessions are not sent away, so there are places for some more than
    /// those: a holder that dials again must find one. <see cref="Recover"/> gives the others back.
    /// </summary>
    public void Shrink(int room) => _most = Math.Min(_most, Math.Max(room, _proven.Count + Limits.PlacesBesideHolders));

    /// <summary>Room may have come back: some more connections are tried. To be called once a second.</summary>
    public void Recover() => _most = Math.Min(_mostEver, _most + Limits.PlacesBesideHolders);

    /// <summary>Which connection goes first, if there are as many as there may be or more; false: none, or none yet.</summary>
    public bool TryEvict(long nowNs, out T? mustGo)
    {
        mustGo = default;
        bool isFull = _places.Count - _leaving.Count >= _most;
        LinkedListNode<Place>? next = isFull || Strangers >= mostStrangers ? _silent.First ?? _used.First : null;
        next ??= isFull ? _known.First ?? _knownInCall.First : null;
        if (next is not { Value: var first } || nowNs - first.SinceNs < Ns.FromMs(Limits.StrangerGraceMs))
        {
            return false;
        }

        mustGo = first.Connection;
        first.MoveTo(_leaving);
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
        if (_places.TryGetValue(connection, out Place? place))
        {
            place.IsKnown = true;
            Use(connection, nowNs);
        }
    }

    /// <summary>A connection has ended; again is no error.</summary>
    public void Close(T connection)
    {
        if (_places.Remove(connection, out Place? place))
        {
            ForgetProof(place);
            place.MoveTo(null);
        }
    }

    /// <summary>Strangers that have said nothing for too long: they are to be closed.</summary>
    public IReadOnlyList<T> TakeSilent(long nowNs)
    {
        ExpireProofs(nowNs);
        List<T> silent = [];
        foreach (LinkedList<Place> strangers in (LinkedList<Place>[])[_silent, _used])
        {
            LinkedListNode<Place>? next = strangers.First;
            while (next is { Value: var place } && nowNs - place.SinceNs >= Ns.FromMs(Limits.SilentConnectionMs))
            {
                next = next.Next;
                if (place.Calls == 0)
                {
                    silent.Add(place.Connection);
                    place.MoveTo(_leaving);
                }
            }
        }

        return silent;
    }

    private int Strangers => _silent.Count + _used.Count;

    private void Use(T connection, long nowNs, int calls)
    {
        if (!_places.TryGetValue(connection, out Place? place) || place.Node.List == _leaving)
        {
            return;
        }

        place.SinceNs = nowNs;
        place.Calls += calls;
        if (place.ProvenBy == 0)
        {
            BecomeStranger(place);
        }
    }

    private void BecomeStranger(Place place) =>
        place.MoveTo(!place.IsKnown ? _used : place.Calls == 0 ? _known : _knownInCall);

    private sealed class Place
    {
        internal Place(T connection)
        {
            Connection = connection;
            Node = new LinkedListNode<Place>(this);
        }

        internal T Connection { get; }

        /// <summary>In the list of its kind.</summary>
        internal LinkedListNode<Place> Node { get; }

        /// <summary>When it came, or was last used.</summary>
        internal long SinceNs { get; set; }

        internal int Calls { get; set; }

        /// <summary>It has shown who it is.</summary>
        internal bool IsKnown { get; set; }

        /// <summary>The session that it has shown last; 0: none.</summary>
        internal ulong ProvenBy { get; set; }

        /// <summary>When.</summary>
        internal long ProvenNs { get; set; }

        internal void MoveTo(LinkedList<Place>? list)
        {
            Node.List?.Remove(Node);
            list?.AddLast(Node);
        }
    }
}
