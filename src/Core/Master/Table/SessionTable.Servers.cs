using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Master;

/// <content>Which server gets an object that has none.</content>
public sealed partial class SessionTable
{
    /// <summary>The servers of each kind that there is one of: the hosts' own numbers are many.</summary>
    private readonly Dictionary<AccessPointKind, ServerList> _serversOf = [];

    /// <summary>
    /// Of two servers that the object's name falls on, the one with fewer objects: the load of a server that ends spreads over
    /// all others, and a server that joins gets twice the average of what comes until it has caught up (Azar, Broder, Karlin,
    /// Upfal 1994; Mitzenmacher 2001, "The power of two choices in randomized load balancing"). The choice depends on what the
    /// table holds and on nothing else, so a successor chooses the same.
    /// </summary>
    private Session Choose(AccessPointKind kind, string objectName)
    {
        if (!_serversOf.TryGetValue(kind, out ServerList? servers))
        {
            throw new SessionException(
                SessionStatus.NoAccessPoint,
                $"no alive session has an endpoint for {AccessPointKinds.NameOf(kind)}, object '{objectName}'");
        }

        // With the servers in it: objects that fell on the same server fall apart when it is gone. By the name alone they
        // would all fall on one place again.
        ulong hash = Hash64.Mix(Hash64.Of(objectName) ^ Hash64.Mix(servers.Fingerprint ^ (ulong)kind));
        int first = Hash64.Below(servers.Count, hash);
        if (servers.Count == 1)
        {
            return servers[first];
        }

        // One of the others, each as likely.
        int step = 1 + Hash64.Below(servers.Count - 1, Hash64.Mix(hash));
        Session one = servers[first];
        Session other = servers[(first + step) % servers.Count];
        return one.Assignments.Count <= other.Assignments.Count ? one : other;
    }

    // A server that is about to go gets no new objects; the objects that it has stay until its session ends.
    private static bool MayServe(Session session) => !session.IsRevoked && !session.IsCondemned;

    private void AddServer(Session session)
    {
        if (!MayServe(session))
        {
            return;
        }

        foreach (AccessPointKind kind in session.Description.Endpoints.Kinds())
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_serversOf, kind, out _) ??= new()).Add(session);
        }
    }

    private void RemoveServer(Session session)
    {
        foreach (AccessPointKind kind in session.Description.Endpoints.Kinds())
        {
            if (_serversOf.TryGetValue(kind, out ServerList? servers))
            {
                servers.Remove(session);
                if (servers.Count == 0)
                {
                    _serversOf.Remove(kind);
                }
            }
        }
    }
}
