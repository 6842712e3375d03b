using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>Objects of drained servers move to others before anybody asks.</content>
public sealed partial class SessionTable
{
    /// <summary>When to look for objects to move; after a look that found none it is some time later.</summary>
    private long _nextMoveNs;

    /// <summary>Each object looks at all servers, and renewals wait meanwhile.</summary>
    private int MostMovedTogether => Math.Clamp(Limits.MaxServersSeenByMoves / Math.Max(1, _byId.Count), 1, Limits.MaxObjectsMovedTogether);

    /// <summary>
    /// Gives some objects of servers whose drain says so to other servers that are alive, can take them and are not drained, and revokes
    /// the session that has none left, if its drain says so. An object that no other server can take stays, and its session is not
    /// revoked. The former server is told of no object: whoever has found it there may go on until its session ends. Durable.
    /// </summary>
    /// <returns>How much was changed.</returns>
    public int MoveObjects(long nowNs)
    {
        if (nowNs < _nextMoveNs || _drains.Moving.Count == 0)
        {
            return 0;
        }

        int most = MostMovedTogether;
        int changed = 0;
        foreach (string identity in _drains.Moving)
        {
            // What a revoked session has is given on when it has ended.
            if (_byIdentity.GetValueOrDefault(identity) is not { IsCondemned: false, IsRevoked: false } session)
            {
                continue;
            }

            changed += MoveSome(session, most - changed);
            if (changed >= most)
            {
                return changed;
            }

            if (session.Assignments.Count == 0 && _drains.Of(identity) is { RevokesSession: true } drain)
            {
                RevokeInBatch(session, ReasonOf(drain));
                changed++;
            }
        }

        _nextMoveNs = changed > 0 ? 0 : nowNs + Ns.FromMs(Limits.MovePauseMs);
        return changed;
    }

    private int MoveSome(Session from, int most)
    {
        int moved = 0;
        foreach (AccessPointKind kind in from.Assignments.Kinds.Where(_serversOf.ContainsKey))
        {
            foreach (string objectName in from.Assignments.OfKind(kind).Take(most - moved).ToArray())
            {
                Move(kind, objectName);
                moved++;
            }
        }

        return moved;
    }

    private void Move(AccessPointKind kind, string objectName)
    {
        (AccessPointKind, string) place = (kind, objectName);
        Assignment former = _assignments[place];
        ulong releasedAt = ++Revision;
        Assignment next = new(Choose(kind, objectName), ++Revision, former.Asker);
        Leave(place);
        Enter(place, next);
        StoreChange.RemoveAssignment released = new(kind, objectName, former.Server.Key.SessionId);
        StoreChange.PutAssignment assigned = new(kind, objectName, next.Server.Key.SessionId);
        Record(
            new StoreChange.Together([released, assigned]),
            () =>
            {
                Leave(place);
                Enter(place, former);
            });

        // A watch of the former server alone hears that the object is gone, and one of the next that it has come.
        Say(releasedAt, released, former.Server);
        Say(next.Revision, assigned, next.Server);
    }
}
