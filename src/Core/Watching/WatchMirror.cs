using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions;

/// <summary>
/// What a watch has told, by keys and revisions and without values: where all that there is comes again, it is told only what differs, and
/// what is gone.
/// </summary>
/// <remarks>
/// Of what was said since all that there is began to come, a higher revision is the newer. What was said before that may be higher and
/// gone all the same, where the store went back to an older copy.
/// </remarks>
/// <param name="kinds">What the watch is about.</param>
public sealed class WatchMirror(WatchKinds kinds)
{
    private readonly Dictionary<ulong, KnownSession> _sessions = [];
    private readonly Dictionary<(AccessPointKind Kind, string Name), KnownObject> _objects = [];

    /// <summary>Counts the times that all that there is has come: what has an older number is not there any more.</summary>
    private uint _generation;

    private bool _isInState;

    /// <summary>All that there is has come once. Before, something may be gone that was never told.</summary>
    private bool _isWhole;

    private bool IsSure => _isInState || _isWhole;

    /// <summary>Something was said; what is to be told of it is added.</summary>
    public void Take(SessionEvent said, List<SessionEvent> told)
    {
        ArgumentNullException.ThrowIfNull(said);
        ArgumentNullException.ThrowIfNull(told);
        bool isTold = said.Kind switch
        {
            SessionEventKind.StateBegins => Begin(),
            SessionEventKind.StateEnds => End(said, told),
            SessionEventKind.Created => Create(said, told),
            SessionEventKind.Changed => Change(said),
            SessionEventKind.Ended => Forget(said.SessionId) || !IsSure,
            SessionEventKind.ItemSet => Set(said),
            SessionEventKind.ItemRemoved => Remove(said),
            SessionEventKind.Assigned => Assign(said),
            SessionEventKind.Released => Release(said),
            _ => true,
        };
        if (isTold)
        {
            told.Add(said);
        }
    }

    // The state may have to come again before it is whole: that is one state to who hears of it.
    private bool Begin()
    {
        bool isFirst = !_isInState;
        _generation++;
        _isInState = true;
        return isFirst;
    }

    private bool End(SessionEvent said, List<SessionEvent> told)
    {
        foreach ((ulong id, KnownSession known) in _sessions.ToList())
        {
            Sweep(id, known, said, told);
        }

        _isInState = false;
        _isWhole = true;
        return true;
    }

    private void Sweep(ulong id, KnownSession known, SessionEvent said, List<SessionEvent> told)
    {
        SessionEvent about = said with { SessionId = id, Epoch = known.Epoch, Identity = known.Identity };
        if ((kinds & WatchKinds.Sessions) != 0 && known.Generation != _generation)
        {
            Forget(id);
            told.Add(about with { Kind = SessionEventKind.Ended, EndReason = SessionEndReason.Unknown, Text = SessionEndReason.Unknown.Text() });
            return;
        }

        foreach ((string key, (ulong Revision, uint Generation) item) in known.Items.Where(item => item.Value.Generation != _generation).ToList())
        {
            known.Items.Remove(key);
            told.Add(about with { Kind = SessionEventKind.ItemRemoved, Item = new Item(key, ReadOnlyMemory<byte>.Empty, said.Revision) });
        }

        foreach ((AccessPointKind Kind, string Name) place in known.Objects.Where(place => _objects[place].Generation != _generation).ToList())
        {
            Leave(place);
            told.Add(about with { Kind = SessionEventKind.Released, AccessPointKind = place.Kind, ObjectName = place.Name });
        }

        if ((kinds & WatchKinds.Sessions) == 0 && known.Items.Count + known.Objects.Count == 0)
        {
            _sessions.Remove(id);
        }
    }

    private bool Create(SessionEvent said, List<SessionEvent> told)
    {
        KnownSession known = Known(said);
        bool isNew = !known.IsTold;
        bool isOther = known.Standing != StandingOf(said);
        known.IsTold = true;
        Note(known, said);
        if (!isNew && isOther)
        {
            told.Add(said with { Kind = SessionEventKind.Changed });
        }

        return isNew;
    }

    private bool Change(SessionEvent said)
    {
        if (_sessions.TryGetValue(said.SessionId, out KnownSession? known))
        {
            bool isNews = known.Generation != _generation || said.Revision > known.Revision;
            if (isNews)
            {
                Note(known, said);
            }

            return isNews;
        }

        return !IsSure;
    }

    private bool Set(SessionEvent said)
    {
        if (OwnerOf(said) is not { } owner)
        {
            return false;
        }

        string key = said.Item!.Key;
        ulong revision = said.Item.Revision;
        bool isNews = !owner.Items.TryGetValue(key, out (ulong Revision, uint Generation) item) ||
            (item.Generation == _generation ? item.Revision < revision : item.Revision != revision);
        owner.Items[key] = (isNews ? revision : item.Revision, _generation);
        return isNews;
    }

    private bool Remove(SessionEvent said)
    {
        if (_sessions.TryGetValue(said.SessionId, out KnownSession? owner) &&
            owner.Items.TryGetValue(said.Item!.Key, out (ulong Revision, uint Generation) item))
        {
            // One that was set again later stays.
            return (item.Generation != _generation || item.Revision < said.Revision) && owner.Items.Remove(said.Item.Key);
        }

        return !IsSure;
    }

    private bool Assign(SessionEvent said)
    {
        if (OwnerOf(said) is not { } owner)
        {
            return false;
        }

        (AccessPointKind, string) place = (said.AccessPointKind, said.ObjectName);
        bool isKnown = _objects.TryGetValue(place, out KnownObject former);
        bool isSame = isKnown && former.SessionId == said.SessionId;
        bool isOfNow = isKnown && former.Generation == _generation;
        if (isKnown && !isSame)
        {
            if (isOfNow && former.Revision > said.Revision)
            {
                return false;
            }

            Leave(place);
        }

        ulong revision = isSame && isOfNow ? Math.Max(former.Revision, said.Revision) : said.Revision;
        _objects[place] = new KnownObject(said.SessionId, revision, _generation);
        owner.Objects.Add(place);
        return !isSame;
    }

    private bool Release(SessionEvent said)
    {
        (AccessPointKind, string) place = (said.AccessPointKind, said.ObjectName);
        if (!_objects.TryGetValue(place, out KnownObject former))
        {
            return !IsSure;
        }

        if (former.SessionId != said.SessionId || (former.Generation == _generation && former.Revision >= said.Revision))
        {
            return false;
        }

        Leave(place);
        return true;
    }

    /// <summary>The session that something belongs to; null: it has ended already, and its end was or will be said.</summary>
    private KnownSession? OwnerOf(SessionEvent said) =>
        _sessions.ContainsKey(said.SessionId) || !IsSure || (kinds & WatchKinds.Sessions) == 0 ? Known(said) : null;

    private KnownSession Known(SessionEvent said)
    {
        if (!_sessions.TryGetValue(said.SessionId, out KnownSession? known))
        {
            known = new KnownSession(said.Epoch, said.Identity) { Generation = _generation };
            _sessions.Add(said.SessionId, known);
        }

        return known;
    }

    private bool Forget(ulong sessionId)
    {
        if (!_sessions.Remove(sessionId, out KnownSession? known))
        {
            return false;
        }

        foreach ((AccessPointKind, string) place in known.Objects)
        {
            _objects.Remove(place);
        }

        return true;
    }

    private void Leave((AccessPointKind, string) place)
    {
        if (_objects.Remove(place, out KnownObject left) && _sessions.TryGetValue(left.SessionId, out KnownSession? server))
        {
            server.Objects.Remove(place);
        }
    }

    private void Note(KnownSession known, SessionEvent said)
    {
        known.Revision = known.Generation == _generation ? Math.Max(known.Revision, said.Revision) : said.Revision;
        known.Generation = _generation;
        known.Standing = StandingOf(said);
    }

    private static SessionFlags StandingOf(SessionEvent said) => said.Flags & (SessionFlags.Revoking | SessionFlags.Draining);

    private readonly record struct KnownObject(ulong SessionId, ulong Revision, uint Generation);

    private sealed class KnownSession(ulong epoch, string identity)
    {
        internal ulong Epoch => epoch;

        internal string Identity => identity;

        internal uint Generation { get; set; }

        /// <summary>Was it itself told, and not only what it has?</summary>
        internal bool IsTold { get; set; }

        /// <summary>Is it revoked, or drained?</summary>
        internal SessionFlags Standing { get; set; }

        /// <summary>How it stands is known up to here.</summary>
        internal ulong Revision { get; set; }

        internal Dictionary<string, (ulong Revision, uint Generation)> Items { get; } = new(StringComparer.Ordinal);

        internal HashSet<(AccessPointKind Kind, string Name)> Objects { get; } = [];
    }
}
