using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Interop.Sessions.Master;

/// <content>Which server gets an object that has none.</content>
public sealed partial class SessionTable
{
    /// <summary>The servers of each kind that there is one of: the hosts' own numbers are many.</summary>
    private readonly Dictionary<AccessPointKind, Rendezvous<Session>> _serversOf = [];

    /// <summary>
    /// By rendezvous of the object with the servers that may serve it. The choice depends on what the table holds and on nothing else,
    /// so a successor chooses the same.
    /// </summary>
    private Session Choose(AccessPointKind kind, string objectName)
    {
        if (!_serversOf.TryGetValue(kind, out Rendezvous<Session>? servers))
        {
            throw new SessionException(
                SessionStatus.NoAccessPoint,
                $"no alive session that is not drained has an endpoint for {AccessPointKinds.NameOf(kind)}, object '{objectName}'");
        }

        return servers.Choose(Hash64.Mix(Hash64.Of(objectName) ^ (ulong)kind));
    }

    // A server that is about to go gets no new objects; the objects that it has stay until its session ends.
    private bool MayServe(Session session) =>
        !session.IsRevoked && !session.IsCondemned && _drains.Of(session.Description.Identity) == null;

    private void AddServer(Session session)
    {
        if (!MayServe(session))
        {
            return;
        }

        foreach (AccessPointKind kind in session.Description.Endpoints.Kinds())
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_serversOf, kind, out _) ??= new(server => server.Assignments.Count))
                .Add(session, session.Description.Identity, session.Description.Weight);
        }
    }

    private void RemoveServer(Session session)
    {
        foreach (AccessPointKind kind in session.Description.Endpoints.Kinds())
        {
            if (_serversOf.TryGetValue(kind, out Rendezvous<Session>? servers))
            {
                servers.Remove(session);
                if (servers.Count == 0)
                {
                    _serversOf.Remove(kind);
                }
            }
        }
    }

    private void NoteLoad(Session session, int by)
    {
        foreach (AccessPointKind kind in session.Description.Endpoints.Kinds())
        {
            _serversOf.GetValueOrDefault(kind)?.LoadChanged(session, by);
        }
    }
}
