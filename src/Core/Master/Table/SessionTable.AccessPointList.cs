using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>Which server answers for which object, for operators and the host: nothing is assigned by the question.</content>
public sealed partial class SessionTable
{
    /// <summary>
    /// A page of the objects that are assigned to sessions. Not more than <see cref="Limits.MaxAccessPointsSeenPerPage"/> sessions and
    /// objects are looked at, so a page that is not full may be followed by another. It shows what is decided: where
    /// <see cref="Changes"/> is empty, that is durable.
    /// </summary>
    /// <exception cref="SessionException">InvalidArgument: the limit.</exception>
    public AccessPointPage ListAccessPoints(AccessPointQuery asked)
    {
        asked.Require();
        if (asked.ObjectName.Length > 0)
        {
            return new AccessPointPage(OfOneObject(asked), null);
        }

        List<AccessPointRow> rows = [];
        int left = Limits.MaxAccessPointsSeenPerPage;
        AccessPointPlace from = asked.From ?? new AccessPointPlace(0);
        foreach (ulong sessionId in _idsInOrder.GetViewBetween(from.SessionId, ulong.MaxValue))
        {
            if (left-- <= 0)
            {
                return new AccessPointPage(rows, new AccessPointPlace(sessionId));
            }

            Session server = _byId[sessionId];
            if (!asked.Wants(server.Description.Identity))
            {
                continue;
            }

            bool isFirst = sessionId == from.SessionId;
            foreach ((AccessPointKind, string) place in
                server.Assignments.From(isFirst ? from.Kind : default, isFirst ? from.ObjectName : ""))
            {
                if (rows.Count == asked.Rows || left-- <= 0)
                {
                    return new AccessPointPage(rows, new AccessPointPlace(sessionId, place.Item1, place.Item2));
                }

                if (asked.Wants(place))
                {
                    rows.Add(RowOf(place, _assignments[place]));
                }
            }
        }

        return new AccessPointPage(rows, null);
    }

    private AccessPointRow[] OfOneObject(AccessPointQuery asked) =>
    [
        .. _assignedOf.Keys.Order().Select(kind => (Kind: kind, asked.ObjectName))
            .Where(place => asked.Wants(place) && _assignments.TryGetValue(place, out Assignment assignment) &&
                Holds(assignment.Server) && asked.Wants(assignment.Server.Description.Identity))
            .Select(place => RowOf(place, _assignments[place])),
    ];

    private static AccessPointRow RowOf((AccessPointKind Kind, string ObjectName) place, Assignment assignment) =>
        new(place.Kind, place.ObjectName, AnswerOf(assignment, place.Kind));

    private static AccessPoint AnswerOf(Assignment assignment, AccessPointKind kind)
    {
        Session server = assignment.Server;
        return new AccessPoint(
            server.Key.SessionId, server.Key.Epoch, server.Description.Identity, AddressOf(server, kind), assignment.Revision);
    }
}
