using System;
using System.Collections.Generic;
using System.Text;

namespace Interop.Sessions.Master;

/// <content>Access points: which alive server answers for an object; the same one until its session ends.</content>
public sealed partial class SessionTable
{
    private readonly Dictionary<(AccessPointKind Kind, string ObjectName), Session> _assignments = [];
    private readonly ServerList _nfsServers = new();
    private readonly ServerList _iscsiServers = new();

    /// <summary>The access point of an object, assigned now if it has none.</summary>
    /// <exception cref="SessionException">
    /// The caller's session's end, WrongEpoch, WrongNonce, InvalidArgument, TooLong, NoAccessPoint or TooManyObjects.
    /// </exception>
    public AccessPoint FindAccessPoint(SessionKey caller, AccessPointKind kind, string objectName)
    {
        Require(caller);
        RequireObject(kind, objectName);
        (AccessPointKind, string) assignment = (kind, objectName);
        if (!_assignments.TryGetValue(assignment, out Session? server))
        {
            server = Choose(kind, objectName);
            Assign(assignment, server);
            Session chosen = server;
            Record(
                new StoreChange.PutAssignment(kind, objectName, server.Key.SessionId),
                () =>
                {
                    chosen.Assignments.Remove(assignment);
                    _assignments.Remove(assignment);
                });
        }

        return new AccessPoint(
            server.Key.SessionId, server.Key.Epoch, server.Item.Identity, EndpointOf(server, kind));
    }

    private static string EndpointOf(Session session, AccessPointKind kind) =>
        kind == AccessPointKind.Nfs ? session.Item.NfsEndpoint : session.Item.IscsiEndpoint;

    private static void RequireObject(AccessPointKind kind, string objectName)
    {
        if (kind is not (AccessPointKind.Nfs or AccessPointKind.Iscsi))
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"kind is {(int)kind}; it must be 1 (NFS) or 2 (iSCSI)");
        }

        int size = Encoding.UTF8.GetByteCount(objectName);
        if (size is 0 or > Limits.MaxObjectBytes)
        {
            throw new SessionException(
                size == 0 ? SessionStatus.InvalidArgument : SessionStatus.TooLong,
                $"object has {size} bytes; it must have 1 to {Limits.MaxObjectBytes}");
        }
    }

    // Spread by the object's name, so that it does not depend on the order of the questions.
    private Session Choose(AccessPointKind kind, string objectName)
    {
        ServerList servers = ServersOf(kind);
        if (servers.Count == 0)
        {
            throw new SessionException(
                SessionStatus.NoAccessPoint, $"no alive session has an endpoint for {kind}, object '{objectName}'");
        }

        if (_assignments.Count >= Limits.MaxAccessPointAssignments)
        {
            throw new SessionException(
                SessionStatus.TooManyObjects,
                $"{_assignments.Count} objects have an access point; the limit is {Limits.MaxAccessPointAssignments}");
        }

        return servers.Pick(Fnv1a(objectName));
    }

    // http://www.isthe.com/chongo/tech/comp/fnv/ : string.GetHashCode differs from run to run.
    private static ulong Fnv1a(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char unit in text)
        {
            hash = (hash ^ unit) * 1099511628211;
        }

        return hash;
    }

    private ServerList ServersOf(AccessPointKind kind) =>
        kind == AccessPointKind.Nfs ? _nfsServers : _iscsiServers;

    private void Assign((AccessPointKind, string) assignment, Session server)
    {
        _assignments.Add(assignment, server);
        server.Assignments.Add(assignment);
    }

    // Who is about to go gets no new work; what is assigned to it stays until it is gone.
    private void AddServer(Session session)
    {
        if (session.IsRevoked || session.IsCondemned)
        {
            return;
        }

        foreach (AccessPointKind kind in Enum.GetValues<AccessPointKind>())
        {
            if (EndpointOf(session, kind).Length > 0)
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
