using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>List.</content>
public sealed partial class SessionTable
{
    /// <summary>Sessions in order of id.</summary>
    /// <param name="fromSessionId">The first id that may come; 0: from the start.</param>
    /// <param name="limit">How many at most; 0: <see cref="Limits.DefaultSessionsPerPage"/>.</param>
    /// <param name="nextSessionId">Where the next page begins; 0: there is none.</param>
    public IReadOnlyList<Session> List(ulong fromSessionId, uint limit, out ulong nextSessionId)
    {
        if (limit > Limits.MaxSessionsPerPage)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"limit is {limit}; the limit of it is {Limits.MaxSessionsPerPage}");
        }

        int wanted = (int)(limit == 0 ? Limits.DefaultSessionsPerPage : limit);
        List<Session> page = [.. _idsInOrder
            .GetViewBetween(fromSessionId, ulong.MaxValue)
            .Take(wanted + 1)
            .Select(id => _byId[id])];
        nextSessionId = page.Count > wanted ? page[^1].Key.SessionId : 0;
        return page.Count > wanted ? page[..wanted] : page;
    }
}
