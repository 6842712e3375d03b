using System;
using System.Collections.Generic;
using System.Text;

namespace Interop.Sessions.Master;

/// <content>Access points: which alive server answers for an object; the same one until its session ends.</content>
public sealed partial class SessionTable
{
    private readonly Dictionary<(AccessPointKind Kind, string ObjectName), Session> _assignments = [];

    /// <summary>Ended sessions whose assignments are still in the index, where nobody finds them.</summary>
    private readonly Queue<(Session Session, IEnumerator<(AccessPointKind, string)> Left)> _unassigned = new();
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
        if (!_assignments.TryGetValue(assignment, out Session? server) || !Holds(server))
        {
            Session? former = server;
            Session chosen = server = Choose(kind, objectName);
            Assign(assignment, server);
            Record(
                new StoreChange.PutAssignment(kind, objectName, server.Key.SessionId),
                () => Unassign(assignment, chosen, former));
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

    private bool Holds(Session session) => _byId.GetValueOrDefault(session.Key.SessionId) == session;

    private void Assign((AccessPointKind, string) assignment, Session server)
    {
        _assignments[assignment] = server;
        server.Assignments.Add(assignment);
    }

    private void Unassign((AccessPointKind, string) assignment, Session server, Session? former)
    {
        server.Assignments.Remove(assignment);
        if (former == null)
        {
            _assignments.Remove(assignment);
        }
        else
        {
            _assignments[assignment] = former;
        }
    }

    /// <summary>
    /// Forgets assignments of ended sessions, a page at a time: one session may have a million, and renewals wait for
    /// the table.
    /// </summary>
    private void SweepAssignments()
    {
        for (int left = Limits.MaxAssignmentsPerSweep; left > 0 && _unassigned.TryPeek(out (Session Session, IEnumerator<(AccessPointKind, string)> Left) ended); left--)
        {
            if (!ended.Left.MoveNext())
            {
                ended.Left.Dispose();
                _unassigned.Dequeue();
            }
            else if (_assignments.GetValueOrDefault(ended.Left.Current) == ended.Session)
            {
                _assignments.Remove(ended.Left.Current);
            }
        }
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
