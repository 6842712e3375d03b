using System;

namespace Interop.Sessions.Master;

/// <content>Which server gets an object that has none.</content>
public sealed partial class SessionTable
{
    private readonly ServerList _nfsServers = new();
    private readonly ServerList _iscsiServers = new();

    /// <summary>
    /// Of two servers that the object's name falls on, the one with fewer objects: the load of one that ends spreads over
    /// all others, and who joins gets twice the average of what comes until it has caught up (Azar, Broder, Karlin, Upfal
    /// 1994; Mitzenmacher 2001, "The power of two choices in randomized load balancing"). It depends on what the table
    /// holds and on nothing else, so a successor chooses the same.
    /// </summary>
    private Session Choose(AccessPointKind kind, string objectName)
    {
        ServerList servers = ServersOf(kind);
        if (servers.Count == 0)
        {
            throw new SessionException(
                SessionStatus.NoAccessPoint, $"no alive session has an endpoint for {kind}, object '{objectName}'");
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

    private ServerList ServersOf(AccessPointKind kind) =>
        kind == AccessPointKind.Nfs ? _nfsServers : _iscsiServers;

    // Who is about to go gets no new work; what is assigned to it stays until it is gone.
    private static bool MayServe(Session session, AccessPointKind kind) =>
        !session.IsRevoked && !session.IsCondemned && EndpointOf(session, kind).Length > 0;

    private void AddServer(Session session)
    {
        foreach (AccessPointKind kind in Enum.GetValues<AccessPointKind>())
        {
            if (MayServe(session, kind))
            {
                ServersOf(kind).Add(session);
            }
        }
    }

    private void RemoveServer(Session session)
    {
        _nfsServers.Remove(session);
        _iscsiServers.Remove(session);
    }
}
