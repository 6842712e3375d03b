using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>
/// What watches are told: each change that a list would show, once it is durable, in the order of the revisions. Each has a revision of its
/// own; what is made together has one. Marks of suspects, answers to writes and what belongs to no session are not told, nor are renewals.
/// </content>
public sealed partial class SessionTable
{
    private readonly WatchHistory _history;
    private readonly List<WatchedChange> _saidInBatch = [];

    /// <summary>All changes up to it are durable, and none after it is.</summary>
    public ulong DurableRevision => _acceptedRevision;

    /// <summary>Is nothing being committed? Then all is durable as it is here.</summary>
    public bool IsWhole => _changes.Count == 0;

    /// <summary>What a watch is told next.</summary>
    /// <exception cref="SessionException">Compacted.</exception>
    public WatchSlice ReadChanges(ulong? after) => _history.Read(after);

    /// <summary>A page of all that there is, where nothing is being committed (<see cref="IsWhole"/>).</summary>
    /// <param name="filter">What of it.</param>
    /// <param name="from">Where it begins: with a session, or, where an object is named, in the midst of those of a session.</param>
    /// <param name="most">So many rows, and the items of the last session beyond.</param>
    public WatchState ReadState(WatchFilter filter, AccessPointPlace from, int most = Limits.MaxWatchStateRows)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(from);
        Debug.Assert(IsWhole, "what is being committed may still be undone");
        List<SessionEvent> rows = [];
        int left = Limits.MaxSessionsSeenPerPage;
        foreach (ulong id in _idsInOrder.GetViewBetween(from.SessionId, ulong.MaxValue))
        {
            if (rows.Count >= most || left-- <= 0)
            {
                return new WatchState(rows, new AccessPointPlace(id), _acceptedRevision);
            }

            Session session = _byId[id];
            if (!filter.WantsIdentity(session.Description.Identity))
            {
                continue;
            }

            bool goesOn = id == from.SessionId && from.ObjectName.Length > 0;
            if (!goesOn)
            {
                rows.AddRange(RowsOf(session, filter));
                left -= session.Items.Count;
            }

            foreach ((AccessPointKind, string) place in ObjectsOf(session, filter, goesOn ? from : new AccessPointPlace(id)))
            {
                if (rows.Count >= most || left-- <= 0)
                {
                    return new WatchState(rows, new AccessPointPlace(id, place.Item1, place.Item2), _acceptedRevision);
                }

                if (filter.WantsObject(place.Item2))
                {
                    rows.Add(RowOf(session, place));
                }
            }
        }

        return new WatchState(rows, null, _acceptedRevision);
    }

    /// <summary>The session itself, and its items.</summary>
    private IEnumerable<SessionEvent> RowsOf(Session session, WatchFilter filter)
    {
        SessionEvent about = About(session);
        if ((filter.Kinds & WatchKinds.Sessions) != 0)
        {
            yield return about with
            {
                Description = session.Description,
                TermMs = session.TermMs,
                Flags = FlagsToSay(session),
                Text = session.RevokeReason,
            };
        }

        if ((filter.Kinds & WatchKinds.Items) != 0)
        {
            foreach (Item item in session.Items.Decided.Where(item => filter.WantsItem(item.Key)))
            {
                yield return about with { Kind = SessionEventKind.ItemSet, Revision = item.Revision, Item = item };
            }
        }
    }

    private static IEnumerable<(AccessPointKind, string)> ObjectsOf(Session session, WatchFilter filter, AccessPointPlace from) =>
        (filter.Kinds & WatchKinds.AccessPoints) == 0 ? [] : session.Assignments.From(from.Kind, from.ObjectName);

    private SessionEvent RowOf(Session session, (AccessPointKind Kind, string ObjectName) place)
    {
        ulong revision = _assignments[place].Revision;
        return About(session) with
        {
            Kind = SessionEventKind.Assigned,
            // One that was loaded is older than whatever this leadership does.
            Revision = revision == 0 ? _history.Beginning : revision,
            AccessPointKind = place.Kind,
            ObjectName = place.ObjectName,
            Endpoint = AddressOf(session, place.Kind),
        };
    }

    private SessionEvent About(Session session) => new()
    {
        Kind = SessionEventKind.Created,
        Revision = _acceptedRevision,
        SessionId = session.Key.SessionId,
        Epoch = session.Key.Epoch,
        Identity = session.Description.Identity,
    };

    /// <summary>Whoever watches hears of a change once it is durable.</summary>
    private void Say(ulong revision, StoreChange change, Session session) => _saidInBatch.Add(
        new WatchedChange(revision, change, session.Key.Epoch, session.Description, FlagsToSay(session)));

    private SessionFlags FlagsToSay(Session session) =>
        (session.IsRevoked || _revokedInBatch.ContainsKey(session) ? SessionFlags.Revoking : 0) |
        (session.IsReattached ? SessionFlags.Reattached : 0) |
        (_drains.Of(session.Description.Identity) != null ? SessionFlags.Draining : 0);
}
