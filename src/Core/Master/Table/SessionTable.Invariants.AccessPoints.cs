using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>What holds of access points at all times.</content>
public sealed partial class SessionTable
{
    private IEnumerable<string> BrokenInvariantsOfAccessPoints()
    {
        // Of an ended session, those that the sweep has yet to pass.
        HashSet<Session> known =
        [
            .. _byId.Values, .. _endedInBatch.Values.Select(end => end.Session), .. _unassigned,
        ];
        foreach (((AccessPointKind, string) place, Assignment assignment) in _assignments)
        {
            if (!known.Contains(assignment.Server))
            {
                yield return $"assignment {place} of ended {assignment.Server.Key} is behind the sweep";
            }
        }

        foreach (Session session in known)
        {
            foreach ((AccessPointKind, string) place in session.Assignments)
            {
                if (!_assignments.TryGetValue(place, out Assignment assignment) || assignment.Server != session)
                {
                    yield return $"assignment {place} of {session.Key} is not in the index";
                }
            }
        }

        int onSessions = known.Sum(session => session.Assignments.Count);
        if (_assignments.Count != onSessions)
        {
            yield return $"{_assignments.Count} assignments in the index, {onSessions} on sessions";
        }

        Dictionary<string, int> asked = _assignments.Values
            .Where(assignment => assignment.Asker.Length > 0).CountBy(assignment => assignment.Asker).ToDictionary();
        if (asked.Count != _askedFor.Count || asked.Any(pair => _askedFor.GetValueOrDefault(pair.Key) != pair.Value))
        {
            yield return "the counts of who asked first are not those of the index";
        }

        Dictionary<AccessPointKind, int> ofKinds = _assignments.Keys.CountBy(place => place.Kind).ToDictionary();
        if (ofKinds.Count != _assignedOf.Count || ofKinds.Any(pair => _assignedOf.GetValueOrDefault(pair.Key) != pair.Value))
        {
            yield return "the counts of kinds are not those of the index";
        }

        foreach (string broken in KindsThatAre().SelectMany(BrokenInvariantsOfServers))
        {
            yield return broken;
        }
    }

    private IEnumerable<AccessPointKind> KindsThatAre() =>
        _byId.Values.SelectMany(session => session.Description.Endpoints.Kinds()).Union(_serversOf.Keys);

    private IEnumerable<string> BrokenInvariantsOfServers(AccessPointKind kind)
    {
        Rendezvous<Session>? servers = _serversOf.GetValueOrDefault(kind);
        HashSet<Session> serving =
            [.. _byId.Values.Where(session => MayServe(session) && session.Description.Endpoints.AddressOf(kind) != null)];
        if (!serving.SetEquals(servers?.Members ?? []))
        {
            yield return $"the servers of {kind} are not those that may serve";
        }

        if ((servers?.Loads ?? 0) != serving.Sum(session => (long)session.Assignments.Count))
        {
            yield return $"the servers of {kind} count {servers?.Loads} objects, which is not what they have";
        }

        if (servers is { Count: 0 })
        {
            yield return $"an empty list of servers of {kind} is kept";
        }
    }
}
