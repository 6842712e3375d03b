using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <content>Connections that have shown that they hold a session.</content>
public sealed partial class ConnectionTable<T>
{
    /// <summary>By when they showed it last, the longest ago first.</summary>
    private readonly LinkedList<Place> _proven = new();

    /// <summary>Of each session those that have shown it, the longest ago first.</summary>
    private readonly Dictionary<ulong, List<Place>> _bySession = [];

    private readonly List<T> _demoted = [];

    /// <summary>
    /// The connection has shown that it holds a session. Of a session the latest few count: whoever dials without end with one session has
    /// as many places as others without any.
    /// </summary>
    public void Prove(T connection, ulong sessionId, long nowNs)
    {
        if (sessionId == 0 || !_places.TryGetValue(connection, out Place? place) || place.Node.List == _leaving)
        {
            return;
        }

        ForgetProof(place);
        (place.ProvenBy, place.ProvenNs, place.SinceNs) = (sessionId, nowNs, nowNs);
        place.MoveTo(_proven);
        if (!_bySession.TryGetValue(sessionId, out List<Place>? others))
        {
            _bySession.Add(sessionId, others = []);
        }

        others.Add(place);
        if (others.Count > Limits.MaxConnectionsPerSession)
        {
            Demote(others[0], nowNs);
        }
    }

    /// <summary>A session has ended: what has shown it is a stranger, until it shows another.</summary>
    public void SessionEnded(ulong sessionId, long nowNs)
    {
        while (_bySession.TryGetValue(sessionId, out List<Place>? places))
        {
            Demote(places[^1], nowNs);
        }
    }

    /// <summary>Which have become strangers since the last time.</summary>
    public IReadOnlyList<T> TakeDemoted()
    {
        T[] demoted = [.. _demoted];
        _demoted.Clear();
        return demoted;
    }

    // No term is longer, so whoever still holds the session has spoken of it since.
    private void ExpireProofs(long nowNs)
    {
        while (_proven.First is { Value: var place } && nowNs - place.ProvenNs >= Ns.FromMs(Limits.MaxTermMs))
        {
            Demote(place, nowNs);
        }
    }

    private void Demote(Place place, long nowNs)
    {
        ForgetProof(place);
        place.SinceNs = nowNs;
        BecomeStranger(place);
        _demoted.Add(place.Connection);
    }

    private void ForgetProof(Place place)
    {
        if (place.ProvenBy == 0)
        {
            return;
        }

        List<Place> others = _bySession[place.ProvenBy];
        others.Remove(place);
        if (others.Count == 0)
        {
            _bySession.Remove(place.ProvenBy);
        }

        place.ProvenBy = 0;
    }
}
